import Glibc

/// A folder of test files, found from where its reader's source lies.
struct FixtureFolder {
    let path: String

    /// The folder at `path` below the folder that holds `Package.swift`.
    init(_ path: String, source: String = #filePath) {
        // Tests/SessionCodecTests/Awareness/FixtureFolder.swift has the root four steps up.
        let root = source.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        self.path = root + "/" + path
    }

    /// The folder at a path from the root of the file system.
    init(absolute path: String) { self.path = path }

    /// The names of its files, sorted.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The bytes of a file; `nil` where there is none.
    func bytes(of name: String) -> [UInt8]? {
        guard let file = fopen(path + "/" + name, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
