package import CommandKit
package import SessionCodec

/// Turns what somebody types into the message of a channel: an object with a string `type` (PROTOCOLS 2-15).
package struct ChannelMessage: Sendable {
    /// The type that wraps what is typed as `data`; `nil` where a whole message is typed.
    package var type: String?
    /// Whether `data` is a string as it stands.
    package var isText: Bool

    /// Describes how messages are typed.
    package init(type: String? = nil, isText: Bool = false) {
        self.type = type
        self.isText = isText
    }

    /// Reads one message.
    ///
    /// - Parameter place: What an error calls it, such as `MESSAGE` or `line 3`.
    /// - Throws: ``CommandError`` with status 65.
    package func read(_ text: String, of place: String) throws(CommandError) -> JSONValue {
        guard let type else {
            let value = try CommandJSON.parse(text, of: place)
            guard value["type"]?.string != nil else {
                throw CommandError(
                    .badData,
                    "\(place) \(Origin.printable(text)) is no message: write an object with a \"type\", or --type TYPE")
            }
            return value
        }
        return ["type": .string(type), "data": isText ? .string(text) : try CommandJSON.parse(text, of: place)]
    }

    /// Reads the message of a line of standard input; `nil` for an empty line.
    package func read(line: [UInt8], number: Int) throws(CommandError) -> JSONValue? {
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandError(.badData, "line \(number) of standard input is not UTF-8, and a message must be")
        }
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        return try read(text, of: "line \(number)")
    }
}
