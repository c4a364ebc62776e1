internal import CLinux
internal import Glibc
import SessionCrypto

/// Whole-file operations. Blocking, so they belong before a loop starts or on a thread of their own.
package enum Files {
    /// Reads a whole file, of whatever kind.
    ///
    /// - Parameter bytesMax: Larger files are refused with `EFBIG`.
    package static func read(_ path: String, bytesMax: Int = .max) throws(SystemError) -> [UInt8] {
        let descriptor = clinux_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .last("read", path) }
        let file = OwnedDescriptor(adopting: descriptor)
        var contents: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let result = block.withUnsafeMutableBytes { Descriptor.read(file.rawValue, into: $0) }
            switch result {
            case .received(let count): contents += block[..<count]
            case .ended: return contents
            case .wouldBlock: throw SystemError(code: EAGAIN, operation: "read", context: path)
            case .failed(let code): throw SystemError(code: code, operation: "read", context: path)
            }
            guard contents.count <= bytesMax else { throw SystemError(code: EFBIG, operation: "read", context: path) }
        }
    }

    /// Reads the first bytes of a file: `count` of them, or as many as it has.
    package static func beginning(of path: String, count: Int) throws(SystemError) -> [UInt8] {
        let descriptor = clinux_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .last("read", path) }
        let file = OwnedDescriptor(adopting: descriptor)
        var contents = [UInt8](repeating: 0, count: count)
        let result = contents.withUnsafeMutableBytes { Descriptor.read(file.rawValue, into: $0) }
        switch result {
        case .received(let count): return Array(contents[..<count])
        case .ended: return []
        case .wouldBlock: throw SystemError(code: EAGAIN, operation: "read", context: path)
        case .failed(let code): throw SystemError(code: code, operation: "read", context: path)
        }
    }

    /// Replaces a file in one step: a reader sees the old contents or the new ones, also after a power cut.
    ///
    /// - Parameters:
    ///   - path: Its folder must exist; a temporary file is made beside it.
    ///   - mode: The file's permissions afterwards.
    package static func write(_ contents: Span<UInt8>, to path: String, mode: UInt32) throws(SystemError) {
        let temporary = "\(path).\(getpid()).new"
        do throws(SystemError) {
            try writeDurably(contents, to: temporary, mode: mode)
            try rename(temporary, to: path)
        } catch {
            _ = unlink(temporary)
            throw SystemError(code: error.code, operation: "write", context: path)
        }
    }

    /// Creates a file that must not be there, with all its contents in one step: of several who try, one does, and
    /// nobody ever reads a part.
    ///
    /// - Returns: Whether it was created; `false` where it was there.
    package static func create(
        _ contents: Span<UInt8>, at path: String, mode: UInt32
    ) throws(SystemError) -> Bool {
        // Threads and processes that try at once must not meet in the temporary file either.
        let temporary = "\(path).\(getpid()).\(SecureRandom.word()).new"
        do throws(SystemError) {
            try writeDurably(contents, to: temporary, mode: mode)
        } catch {
            _ = unlink(temporary)
            throw error
        }
        let isLinked = link(temporary, path) == 0
        let code = errno
        _ = unlink(temporary)
        guard isLinked || code == EEXIST else { throw SystemError(code: code, operation: "create", context: path) }
        return isLinked
    }

    private static func writeDurably(
        _ contents: Span<UInt8>, to path: String, mode: UInt32
    ) throws(SystemError) {
        let descriptor = clinux_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .last("write", path) }
        let file = OwnedDescriptor(adopting: descriptor)
        // The mode given to `open` is narrowed by the umask, and ignored for a file left by a crash.
        guard fchmod(file.rawValue, mode) == 0 else { throw .last("protect", path) }
        try Descriptor.writeAll(contents, to: file.rawValue)
        guard fsync(file.rawValue) == 0 else { throw .last("write", path) }
    }

    /// Adds to the end of a file, which is created with `mode` where it is missing.
    package static func append(_ contents: Span<UInt8>, to path: String, mode: UInt32) throws(SystemError) {
        let descriptor = clinux_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last("write", path) }
        let file = OwnedDescriptor(adopting: descriptor)
        try Descriptor.writeAll(contents, to: file.rawValue)
    }

    /// Creates a folder and those above it that are missing; folders that exist keep their permissions.
    package static func makeFolder(_ path: String, mode: UInt32) throws(SystemError) {
        if mkdir(path, mode) == 0 { return }
        switch errno {
        case EEXIST:
            guard isFolder(path) else {
                throw SystemError(code: ENOTDIR, operation: "create the folder", context: path)
            }
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { fallthrough }
            try makeFolder(String(path[..<slash]), mode: mode)
            guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .last("create the folder", path) }
        default:
            throw .last("create the folder", path)
        }
    }

    /// Removes a file or a Unix socket; one that is not there is fine.
    package static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .last("remove", path) }
    }

    /// Gives a file another name in the same file system, in place of the file that may have it.
    package static func rename(_ path: String, to newPath: String) throws(SystemError) {
        guard Glibc.rename(path, newPath) == 0 else { throw .last("rename", path) }
    }

    /// Whether something is there, of whatever kind.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether it is a folder, or a link to one.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names of what a folder holds, sorted; hidden ones are left out.
    package static func names(inFolder path: String) throws(SystemError) -> [String] {
        guard let folder = opendir(path) else { throw .last("look into", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // The kernel ends the name with a zero inside of the array.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { array in
                array.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether it is there and no plain file: a device, a pipe, a socket, which is written to and never replaced.
    package static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// The permission bits of a file, such as 0o600.
    package static func mode(_ path: String) throws(SystemError) -> UInt32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .last("look at", path) }
        return status.st_mode & 0o7777
    }
}
