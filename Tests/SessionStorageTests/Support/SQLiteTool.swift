import SessionIO

/// The `sqlite3` program of the system, which looks at our files without our code.
enum SQLiteTool {
    /// What the program prints about a file.
    static func run(_ path: String, _ sql: String) throws -> String {
        let child = try ChildProcess("/usr/bin/sqlite3", ["sqlite3", path, sql])
        child.closeInput()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case .received(let count) = buffer.withUnsafeMutableBytes({
            Descriptor.read(child.outputDescriptor, into: $0)
        }) {
            bytes += buffer[..<count]
        }
        guard child.wait() == 0 else { throw SystemError(code: 0, operation: "run sqlite3 on", context: path) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
