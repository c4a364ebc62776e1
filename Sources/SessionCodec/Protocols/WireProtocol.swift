/// A session protocol as it looks on the wire, whichever end is speaking.
///
/// Conformers are enums without cases. What a client, a load tool or the console needs in order to *talk* is here; what
/// the words *mean* is a `SessionMachine` in SessionCore.
package protocol WireProtocol {
    /// What a client may say.
    associatedtype ClientMessage: WireMessage
    /// What the server may say.
    associatedtype ServerMessage: WireMessage
    /// Everything that is data: name, ports, paths, limits, message tables.
    static var descriptor: ProtocolDescriptor { get }
}

/// A message with one spelling in JSON; `decode` and `encode` are inverses of each other.
package protocol WireMessage: Equatable, Sendable {
    /// The types of message, one per value of the field `type`.
    associatedtype Kind: CaseIterable, Hashable, Sendable

    /// Which type of message this is.
    var kind: Kind { get }

    /// Reads one message; unknown fields are ignored, the last of a repeated key counts (PROTOCOLS §1.8).
    ///
    /// - Parameter text: A whole JSON text.
    static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<Self>

    /// Appends the message as one JSON text without white space.
    ///
    /// - Parameter tag: The correlation id that the message carries (PROTOCOLS 0-21).
    func encode(tag: MessageTag?, to output: inout [UInt8])
}

extension WireMessage {
    /// The message as JSON.
    package func encoded(tag: MessageTag? = nil) -> [UInt8] {
        var output: [UInt8] = []
        encode(tag: tag, to: &output)
        return output
    }
}

extension WireProtocol {
    /// Decodes and encodes again.
    static func canonical(_ text: Span<UInt8>, from sender: MessageSender) throws(WireError) -> [UInt8] {
        switch sender {
        case .client:
            let message = try ClientMessage.decode(text)
            return message.message.encoded(tag: message.tag)
        case .server:
            let message = try ServerMessage.decode(text)
            return message.message.encoded(tag: message.tag)
        }
    }
}

/// Who says a message.
package enum MessageSender: String, CaseIterable, Sendable { case client, server }

/// A message together with the correlation id it was sent with.
package struct Tagged<Message: WireMessage>: Equatable, Sendable {
    /// What was said.
    package var message: Message
    /// The id under which the answer is expected, or to which this is the answer.
    package var tag: MessageTag?

    /// Pairs a message and its tag.
    package init(_ message: Message, tag: MessageTag? = nil) {
        self.message = message
        self.tag = tag
    }
}

/// A correlation id: what the client put at top level as `id`, returned in the direct reply (PROTOCOLS 0-21).
package enum MessageTag: Equatable, Sendable {
    /// A string of 1 to 128 scalars that obeys ``IdentifierRule``.
    case text(String)
    /// A number, as it is written.
    case number(String)

    /// Appends the id's JSON.
    package func encode(to output: inout [UInt8]) {
        switch self {
        case .text(let text): output.appendJSON(text)
        case .number(let digits): output.append(contentsOf: digits.utf8)
        }
    }

    /// The longest number, in bytes of JSON: more than any 64-bit integer and any double needs.
    package static let numberBytesMax = 40

    /// Reads the `id` of an envelope; `nil` where there is none.
    init?(in envelope: JSONValue) throws(WireError) {
        switch envelope["id"] {
        case .none: return nil
        case .string(let text)? where IdentifierRule.allows(text): self = .text(text)
        case .number(let digits)? where digits.utf8.count <= Self.numberBytesMax: self = .number(digits)
        default: throw .invalidField("id")
        }
    }
}

/// Why a text is not a message of its protocol.
package enum WireError: Error, Equatable, Sendable {
    /// No JSON.
    case notJSON(JSONError)
    /// JSON, but no object with a string `type`.
    case notAMessage
    /// The protocol has no message of this type.
    case unknownType(String)
    /// A field is missing or holds what it may not hold.
    case invalidField(String)
}

extension WireError: CustomStringConvertible {
    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .notJSON(let error): "not JSON: \(error)"
        case .notAMessage: "not an object with a string \"type\""
        case .unknownType(let type): "unknown message type \"\(type)\""
        case .invalidField(let field): "field \"\(field)\" is missing or invalid"
        }
    }
}
