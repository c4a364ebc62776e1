import CommandKit
import SessionIO

/// Where one form of a report goes: a file, or standard output for `-`.
struct BenchFile {
    private let path: String
    private let output: Output

    /// Makes sure that the file can be written before a long run begins.
    ///
    /// - Throws: Status 74.
    init(_ path: String, output: Output) throws(CommandError) {
        self.path = path
        self.output = output
        guard !isOutput else { return }
        try TextFile.makeFolder(of: path)
        try append([])
    }

    /// Whether this is standard output.
    var isOutput: Bool { path == "-" }

    /// Writes all there will be, in place of what the file held.
    func write(_ bytes: [UInt8]) throws(CommandError) {
        if isOutput {
            try output.write(bytes: bytes)
        } else if Files.isSpecial(path) {
            try append(bytes)
        } else {
            try TextFile.write(bytes, to: path, mode: 0o644)
        }
    }

    /// Writes more.
    func append(_ bytes: [UInt8]) throws(CommandError) {
        guard !isOutput else { return try output.write(bytes: bytes) }
        do throws(SystemError) {
            try Files.append(bytes.span, to: path, mode: 0o644)
        } catch {
            throw CommandError(.cannotWrite, "cannot write \(path): \(error.reason)")
        }
    }
}
