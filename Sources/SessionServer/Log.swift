import SessionBase
import SessionCodec
import SessionIO

/// How grave a log line is.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case error, warn, info, debug

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}

/// What is logged, and how.
package struct LogConfiguration: Sendable {
    /// Lines less grave than this are dropped.
    package var level = LogLevel.info
    /// Whether user, window and case ids appear as they are; otherwise as a short keyed hash (PROTOCOLS 0-20).
    package var showsIdentifiers = false
    /// Whether a line is a JSON object instead of `key=value` pairs.
    package var isJSON = false

    /// Lines of level `info` and graver, as text, ids hashed.
    package init() {}
}

/// Writes log lines to standard error: `2024-01-07T10:30:00.000Z info drain started sockets=12`.
struct Log: Sendable {
    let configuration: LogConfiguration
    private let identifierHash: SipHash

    /// Logs as configured; ids are hashed with a key of this process, so that lines can be joined but not reversed.
    init(_ configuration: LogConfiguration, identifierHash: SipHash) {
        self.configuration = configuration
        self.identifierHash = identifierHash
    }

    /// Whether a line of this level is written at all; asked before its fields are computed.
    func isEnabled(_ level: LogLevel) -> Bool { level <= configuration.level }

    /// Writes one line.
    func write(
        _ level: LogLevel, _ message: String, at timestamp: Timestamp, _ fields: KeyValuePairs<String, String> = [:]
    ) {
        guard isEnabled(level) else { return }
        var line: [UInt8] = []
        if configuration.isJSON {
            line.append(contentsOf: Array("{\"time\":\"".utf8))
            timestamp.append(to: &line)
            line.append(contentsOf: Array("\",\"level\":\"\(level.rawValue)\",\"message\":".utf8))
            line.appendJSON(message)
            for (key, value) in fields {
                line.append(UInt8(ascii: ","))
                line.appendJSON(key)
                line.append(UInt8(ascii: ":"))
                line.appendJSON(value)
            }
            line.append(UInt8(ascii: "}"))
        } else {
            timestamp.append(to: &line)
            line.append(contentsOf: Array(" \(level.rawValue) \(message)".utf8))
            for (key, value) in fields {
                line.append(contentsOf: Array(" \(key)=".utf8))
                if value.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "\"") || $0 >= 0x7f }) {
                    line.appendJSON(value)
                } else {
                    line.append(contentsOf: Array(value.utf8))
                }
            }
        }
        line.append(UInt8(ascii: "\n"))
        // Where standard error is closed there is nobody to tell.
        try? Descriptor.writeAll(line.span, to: Descriptor.standardError)
    }

    /// An id as it may stand in a line: itself, or 12 hexadecimal digits of its keyed hash.
    func identifier(_ text: String) -> String {
        if configuration.showsIdentifiers { return text }
        let bytes = Array(text.utf8)
        let hash = String(identifierHash.hash(bytes.span) & 0xffff_ffff_ffff, radix: 16)
        return "#" + String(repeating: "0", count: 12 - hash.count) + hash
    }
}
