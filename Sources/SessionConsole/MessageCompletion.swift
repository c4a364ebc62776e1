package import SessionCodec

/// Completes what is typed in the interactive client: slash commands, and the messages of a protocol from its own tables.
package struct MessageCompletion: Sendable {
    private let descriptor: ProtocolDescriptor
    /// Ids seen so far.
    package var known: KnownValues

    /// Completes the messages that a client of this protocol sends.
    package init(_ descriptor: ProtocolDescriptor) {
        self.descriptor = descriptor
        known = KnownValues(descriptor)
    }

    /// The words that the word being typed may become.
    ///
    /// - Parameters:
    ///   - word: What stands between the last white space or one of `{ } [ ] , :` and the cursor.
    ///   - before: Everything before it.
    package func words(for word: String, after before: String) -> [String] {
        let isStart = before.allSatisfy(\.isWhitespace)
        if isStart, word.hasPrefix("/") { return SlashCommand.table.map { "/" + $0.name } }
        if isStart {
            return descriptor.clientMessages.first.map { [$0.number == nil ? #"{"type":""# : #"{"type":"#] } ?? []
        }
        if before.first == "/" { return argumentWords(before) }
        guard let position = JSONPosition(endOf: before) else { return endings(ofStringIn: before) }
        if position.isKey { return keys(at: position) }
        // Who types a quote wants a name, which a server of a numbered protocol may understand too (PROTOCOLS 1-9).
        if position.key == "type", position.path.isEmpty, !numbers.isEmpty {
            return word.hasPrefix("\"") ? descriptor.clientMessages.map { Self.quoted($0.type) } : numbers
        }
        return values(at: position)
    }

    /// The types of a protocol that numbers them, as they are written.
    private var numbers: [String] { descriptor.clientMessages.compactMap(\.number).map { String($0) } }

    private func argumentWords(_ before: String) -> [String] {
        guard let entry = SlashCommand.entry(before.dropFirst().prefix { !$0.isWhitespace }) else { return [] }
        return entry.completesTypes ? descriptor.clientMessages.map(\.type) : entry.words
    }

    // MARK: Keys

    private func keys(at position: JSONPosition) -> [String] {
        let fields = fields(at: position).filter { !position.usedKeys.contains($0.name) }
        return fields.map { "\"\($0.name)\":" + Self.opening(of: $0.kind) }
    }

    /// What a value of that kind begins with, so that the next Tab has something to go on.
    private static func opening(of kind: FieldSchema.Kind) -> String {
        switch kind {
        case .identifier, .timestamp, .text, .choice: "\""
        case .object: "{"
        case .list: "["
        case .integer, .number, .boolean, .any: ""
        }
    }

    /// The fields that an object at this place may have.
    private func fields(at position: JSONPosition) -> [FieldSchema] {
        let schema = position.type.flatMap { descriptor.clientMessage($0) }
        guard let place = position.path.last else { return topFields(schema) }
        guard let schema else { return [] }
        if place == schema.container, position.path.count == 1 { return schema.fields }
        let listed = schema.fields.first { $0.name == place }
        if case .list(let entries)? = listed?.kind { return entries }
        return []
    }

    private func topFields(_ schema: MessageSchema?) -> [FieldSchema] {
        let types = FieldSchema.Kind.choice(descriptor.clientMessages.map(\.type))
        let type = FieldSchema("type", numbers.isEmpty ? types : .integer, "which message it is")
        guard let schema else { return [type] }
        guard let container = schema.container else { return [type] + schema.fields }
        return schema.fields.isEmpty ? [type] : [type, FieldSchema(container, .object, "its fields")]
    }

    // MARK: Values

    private func values(at position: JSONPosition) -> [String] {
        guard let key = position.key, let field = fields(at: position).first(where: { $0.name == key }) else {
            return []
        }
        switch field.kind {
        case .choice(let values): return values.map(Self.quoted)
        case .identifier: return known.values(of: key).map(Self.quoted)
        case .boolean: return ["true", "false"]
        case .object: return ["{"]
        case .list: return ["["]
        case .timestamp, .text, .integer, .number, .any: return []
        }
    }

    /// What ends a string that is open because a break is a part of it, such as the colon of `"reports:progress"`.
    private func endings(ofStringIn before: String) -> [String] {
        guard let quote = before.lastIndex(of: "\""), let position = JSONPosition(endOf: before[..<quote]),
            !position.isKey
        else { return [] }
        let typed = before[quote...]
        return values(at: position).filter { $0.hasPrefix(typed) }.map { String($0.dropFirst(typed.count)) }
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.appendJSON(text)
        return String(decoding: bytes, as: UTF8.self)
    }
}
