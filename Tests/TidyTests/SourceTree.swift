import Glibc
import Testing

/// The files of this package as they lie on disk, which is what the rules of the house are about.
enum SourceTree {
    /// The package's folder.
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/")

    /// All Swift files under `Sources`, sorted by path.
    static let sources = swiftFiles(under: "Sources")

    /// All Swift files under `Tests`, sorted by path.
    static let tests = swiftFiles(under: "Tests")

    /// The names in a folder, sorted, without `.` and `..`; empty where there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(root + "/" + folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The paths of all files under a folder, relative to the package.
    static func files(under folder: String) -> [String] {
        names(in: folder).flatMap { name in
            let path = folder + "/" + name
            return isFolder(path) ? files(under: path) : [path]
        }
    }

    /// Whether a path relative to the package is a folder.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A file's text; empty where it cannot be read.
    static func text(of path: String) -> String {
        guard let file = fopen(root + "/" + path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func swiftFiles(under folder: String) -> [SwiftFile] {
        files(under: folder).filter { $0.hasSuffix(".swift") }.map { SwiftFile(path: $0, text: text(of: $0)) }
    }
}

/// Reports what is wrong in one line of a file, as if the test stood there.
func report(_ file: SwiftFile, line: Int, _ sentence: String) { report(file.path, line: line, sentence) }

/// Reports what is wrong in one line of the file at a path relative to the package.
func report(_ path: String, line: Int, _ sentence: String) {
    let fileID = path.split(separator: "/").suffix(2).joined(separator: "/")
    let place = SourceLocation(fileID: fileID, filePath: SourceTree.root + "/" + path, line: line, column: 1)
    Issue.record("\(path):\(line): \(sentence)", sourceLocation: place)
}
