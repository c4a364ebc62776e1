import SessionIO

/// The `sqlite3` program of the system, which looks at our files without our code.
enum SQLiteTool {
    /// What the program prints about a file.
    static func run(_ path: String, _ sql: String) throws -> String {
        let child = try ChildProcess("/usr/bin/sqlite3", ["sqlite3", path, sql])
        child.closeInput()
        let output = Waiting.output(of: child)
        guard child.wait() == 0 else { throw SystemError(code: 0, operation: "run sqlite3 on", context: path) }
        return output
    }
}
