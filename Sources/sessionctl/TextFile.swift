package import CommandKit
internal import SessionIO

/// Whole files as text, for configuration and generated pages.
package enum TextFile {
    /// Reads a file.
    ///
    /// - Throws: ``CommandError`` with status 66 where it cannot be read, 78 where it is no UTF-8.
    package static func read(_ path: String) throws(CommandError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path)
        } catch {
            throw CommandError(.noInput, "cannot read \(path): \(error.reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration("\(path) is no UTF-8 text")
        }
        return text
    }

    /// Replaces a file in one step; folders that are missing are made.
    ///
    /// - Throws: ``CommandError`` with status 74.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(CommandError) {
        do {
            if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                try Files.makeFolder(String(path[..<slash]), mode: 0o755)
            }
            try Files.write(bytes.span, to: path, mode: mode)
        } catch {
            throw CommandError(.cannotWrite, "cannot write \(path): \(error.reason)")
        }
    }
}
