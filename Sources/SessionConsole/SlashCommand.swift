import CommandKit
import SessionClient
package import SessionCodec

/// A command typed into the interactive client; everything that does not start with `/` is a message.
package enum SlashCommand: Equatable {
    /// Lists the commands, or explains one.
    case help(String?)
    /// Sends a Ping.
    case ping([UInt8])
    /// Sends a Pong that nobody asked for.
    case pong([UInt8])
    /// Closes with a code and a reason.
    case close(CloseCode, reason: String)
    /// Shows what the handshake settled.
    case headers
    /// Chooses how JSON is laid out.
    case json(FrameView.Layout)
    /// Shows or hides the time before each frame.
    case time(Bool)
    /// Sends a binary message.
    case binary([UInt8])
    /// Puts bytes on the wire without a frame around them.
    case raw([UInt8])
    /// Lists the protocol's messages, or shows one to be filled in.
    case types(String?)
    /// Shows the state of the connection.
    case status
    /// Closes normally and leaves.
    case quit

    /// One command as help and completion see it.
    package struct Entry: Sendable {
        /// Its name without the slash.
        package var name: String
        /// What may follow it.
        package var usage: String
        /// One line without a full stop.
        package var summary: String
        /// The words that may follow it.
        package var words: [String] = []
        /// Whether message types may follow it.
        package var completesTypes = false
    }

    /// All commands, in the order of the help.
    package static let table = [
        Entry(name: "help", usage: "[COMMAND]", summary: "List the commands, or explain one"),
        Entry(
            name: "types", usage: "[TYPE]", summary: "List the messages of the profile, or show one to fill in",
            completesTypes: true),
        Entry(name: "ping", usage: "[TEXT]", summary: "Send a Ping; its round trip is shown"),
        Entry(name: "pong", usage: "[TEXT]", summary: "Send a Pong that nobody asked for"),
        Entry(
            name: "close", usage: "[CODE [REASON]]", summary: "Close the connection, with 1000 unless told otherwise"),
        Entry(name: "headers", usage: "", summary: "Show what the handshake settled"),
        Entry(name: "status", usage: "", summary: "Show the connection's state and counts"),
        Entry(
            name: "json", usage: "auto|on|off", summary: "Indent JSON: where it is too wide for a line, always, never",
            words: FrameView.Layout.allCases.map(\.rawValue)),
        Entry(name: "time", usage: "on|off", summary: "Show the time of each frame", words: ["on", "off"]),
        Entry(name: "binary", usage: "HEX", summary: "Send a binary message"),
        Entry(name: "raw", usage: "HEX", summary: "Put exactly these bytes on the wire"),
        Entry(name: "quit", usage: "", summary: "Close with 1000 and leave; Ctrl-D does the same"),
    ]

    /// The entry of a command's name.
    package static func entry(_ name: some StringProtocol) -> Entry? { table.first { $0.name == name } }

    /// Why a line is no command, as one line without a full stop.
    package struct ParseError: Error, Equatable {
        /// The line.
        package var message: String
    }

    /// Reads a line that starts with `/`.
    package static func parse(_ line: String) throws(ParseError) -> SlashCommand {
        let body = line.dropFirst()
        let name = body.prefix { !$0.isWhitespace }
        let argument = String(body.dropFirst(name.count).drop(while: \.isWhitespace))
        guard let entry = entry(name) else {
            throw unknown(name)
        }
        switch entry.name {
        case "help": return .help(argument.isEmpty ? nil : argument)
        case "types": return .types(argument.isEmpty ? nil : argument)
        case "ping": return .ping(try controlPayload(argument))
        case "pong": return .pong(try controlPayload(argument))
        case "close": return try close(argument)
        case "headers": return .headers
        case "status": return .status
        case "json":
            guard let layout = FrameView.Layout(rawValue: argument) else { throw usage(entry) }
            return .json(layout)
        case "time":
            guard argument == "on" || argument == "off" else { throw usage(entry) }
            return .time(argument == "on")
        case "binary": return .binary(try bytes(argument, entry))
        case "raw": return .raw(try bytes(argument, entry))
        default: return .quit
        }
    }

    private static func unknown(_ name: Substring) -> ParseError {
        let meant = Suggestion.nearest(to: String(name), among: table.map(\.name))
        let hint = meant.map { "did you mean /\($0)?" } ?? "/help lists them,"
        return ParseError(message: "/\(name) is no command; \(hint) //\(name) sends the text")
    }

    private static func close(_ argument: String) throws(ParseError) -> SlashCommand {
        let parts = argument.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return .close(.normal, reason: "") }
        guard let number = UInt16(first), CloseCode(rawValue: number).isSendable else {
            throw ParseError(message: "\(first) is no code for a Close frame: 1000 to 1003, 1007 to 1014, 3000 to 4999")
        }
        return .close(CloseCode(rawValue: number), reason: parts.count > 1 ? String(parts[1]) : "")
    }

    private static func controlPayload(_ text: String) throws(ParseError) -> [UInt8] {
        guard text.utf8.count <= 125 else { throw ParseError(message: "a Ping or Pong carries at most 125 bytes") }
        return Array(text.utf8)
    }

    private static func bytes(_ text: String, _ entry: Entry) throws(ParseError) -> [UInt8] {
        guard !text.isEmpty, let bytes = HexText.parse(text) else { throw usage(entry) }
        return bytes
    }

    private static func usage(_ entry: Entry) -> ParseError {
        ParseError(message: "usage: /\(entry.name) \(entry.usage)")
    }
}
