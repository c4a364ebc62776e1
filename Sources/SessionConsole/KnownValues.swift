package import SessionCodec

/// Ids that were seen in this session, by the field they stood in, so that Tab can offer them again.
package struct KnownValues: Sendable {
    private var values: [String: [String]] = [:]
    private let fields: Set<String>

    /// More values of one field than anybody chooses from.
    package static let countMax = 50

    /// Remembers the ids of the messages of one protocol.
    package init(_ descriptor: ProtocolDescriptor) {
        let schemas = descriptor.clientMessages + descriptor.serverMessages
        fields = Set(schemas.flatMap { Self.identifiers(of: $0.fields) })
    }

    /// The values of a field, the newest first.
    package func values(of field: String) -> [String] { values[field] ?? [] }

    /// Learns from a message that was sent or received.
    package mutating func learn(_ message: JSONValue) {
        switch message {
        case .object(let object):
            for member in object.members {
                if let text = member.value.string { learn(text, for: member.key) } else { learn(member.value) }
                learn(member.value.elements ?? [], inListNamed: member.key)
            }
        case .array(let elements): for element in elements { learn(element) }
        default: break
        }
    }

    /// Learns from a list of ids that is named for many of them, as `availableChannels` is for `channel`, and from a list of
    /// things with ids, as `shapes` are for `shapeId`.
    private mutating func learn(_ elements: [JSONValue], inListNamed name: String) {
        if let field = fields.first(where: { $0.hasSuffix("Id") && name == $0.dropLast(2) + "s" }) {
            for element in elements.reversed() { if let id = element["id"]?.string { learn(id, for: field) } }
        }
        guard let field = fields.first(where: { name.lowercased().hasSuffix($0.lowercased() + "s") }) else { return }
        for element in elements.reversed() { if let text = element.string { learn(text, for: field) } }
    }

    private mutating func learn(_ text: String, for field: String) {
        guard fields.contains(field) else { return }
        var known = values[field] ?? []
        known.removeAll { $0 == text }
        known.insert(text, at: 0)
        values[field] = Array(known.prefix(Self.countMax))
    }

    private static func identifiers(of fields: [FieldSchema]) -> [String] {
        fields.flatMap { field -> [String] in
            switch field.kind {
            case .identifier: [field.name]
            case .list(let entries): identifiers(of: entries)
            default: []
            }
        }
    }
}
