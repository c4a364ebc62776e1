/// What is data about a protocol, so that servers, clients, help and man pages can iterate over all of them.
package struct ProtocolDescriptor: Sendable {
    /// Which protocol this is.
    package var id: ProtocolID
    /// One line for help and man pages, without a full stop.
    package var summary: String
    /// Where its native listener binds unless told otherwise.
    package var defaultHost: String
    /// The port of its native listener (PROTOCOLS §1.2).
    package var defaultPort: UInt16
    /// The paths of its native listener; a client's default is the first.
    package var nativePaths: [String]
    /// Whether on its native listener every path belongs to it (PROTOCOLS 0-2).
    package var acceptsAnyPath: Bool
    /// The subprotocols it knows, most wanted first (RFC 6455 §1.9).
    package var subprotocols: [String]
    /// The longest message it takes, in bytes after decompression; more is 1009.
    package var messageBytesMax: Int
    /// Whether binary messages are welcome; otherwise they are 1003.
    package var acceptsBinary: Bool
    /// Whether permessage-deflate is accepted without being asked for in the configuration.
    package var compressesByDefault: Bool
    /// Whether the socket's token bucket applies (PROTOCOLS C6).
    package var isRateLimited: Bool
    /// What a client may say.
    package var clientMessages: [MessageSchema]
    /// What the server may say.
    package var serverMessages: [MessageSchema]
}

/// One type of message, as completion, help and documentation see it.
package struct MessageSchema: Sendable {
    /// The name of the type; the value of the field `type` where ``number`` is `nil` and ``hasType`` is set.
    package var type: String
    /// Whether messages of the type have the field `type`; the seed's board has none (PROTOCOLS 3-1).
    package var hasType = true
    /// The value of the field `type` in protocols that number their types.
    package var number: Int?
    /// One line without a full stop.
    package var summary: String
    /// Key of the object that holds the fields, such as `payload`; `nil` where they stand at top level.
    package var container: String?
    /// The fields in the order in which they are written.
    package var fields: [FieldSchema]
    /// Whether the type goes past the seed (EXT).
    package var isExtension: Bool

    /// Describes a type of message.
    package init(
        _ type: String, number: Int? = nil, _ summary: String, container: String? = nil, fields: [FieldSchema] = [],
        isExtension: Bool = false
    ) {
        self.type = type
        self.number = number
        self.summary = summary
        self.container = container
        self.fields = fields
        self.isExtension = isExtension
    }

    /// Describes a type of message without the field `type`.
    package init(untyped name: String, _ summary: String, fields: [FieldSchema]) {
        self.init(name, summary, fields: fields)
        hasType = false
    }

    /// A message to be filled in: the required fields with empty values, such as `{"type":"focus","payload":{"userId":""}}`.
    package var template: String {
        var json = JSONWriter()
        json.object { json in
            if let number { json.field("type", number) } else if hasType { json.field("type", type) }
            let required = fields.filter(\.isRequired)
            guard let container else { return Self.write(required, to: &json) }
            if !required.isEmpty { json.field(container) { json in json.object { Self.write(required, to: &$0) } } }
        }
        return String(decoding: json.takeBytes(), as: UTF8.self)
    }

    private static func write(_ fields: [FieldSchema], to json: inout JSONWriter) {
        for field in fields {
            json.key(field.name)
            switch field.kind {
            case .integer, .number: json.value(0)
            case .boolean: json.value(false)
            case .object: json.object { _ in }
            case .any: json.null()
            case .list(let entries): json.array { json in json.object { write(entries.filter(\.isRequired), to: &$0) } }
            case .choice(let values): json.value(values.first ?? "")
            case .identifier, .text, .timestamp: json.value("")
            }
        }
    }
}

/// One field of a message.
package struct FieldSchema: Sendable {
    /// What may stand in a field.
    package enum Kind: Equatable, Sendable {
        /// An id of 1 to 128 scalars (``IdentifierRule``), or a name with a rule of its own, such as a channel's.
        case identifier
        /// A time in RFC 3339 with a zone.
        case timestamp
        /// Free text.
        case text
        /// One of the values listed.
        case choice([String])
        /// A whole number.
        case integer
        /// Any finite number.
        case number
        /// `true` or `false`.
        case boolean
        /// Any object.
        case object
        /// Any value.
        case any
        /// An array of objects with these fields.
        case list([FieldSchema])
    }

    /// The key.
    package var name: String
    /// What may stand there.
    package var kind: Kind
    /// Whether a message without it is refused.
    package var isRequired: Bool
    /// A few words without a full stop.
    package var summary: String

    /// Describes a field.
    package init(_ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = true) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
    }
}

extension FieldSchema: Equatable {}
