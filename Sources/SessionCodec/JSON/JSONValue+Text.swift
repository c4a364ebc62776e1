import SessionBase

extension JSONValue {
    /// Reads a whole JSON text.
    ///
    /// - Parameters:
    ///   - bytes: The text; nothing but white space may stand around the value.
    ///   - maxDepth: How many objects and arrays may be open at once, 1...64.
    package static func parse(_ bytes: Span<UInt8>, maxDepth: Int = 32) throws(JSONError) -> JSONValue {
        var reader = JSONReader(maxDepth: maxDepth)
        let value = try JSONValue(reading: &reader, in: bytes)
        try reader.end(in: bytes)
        return value
    }

    /// Reads a whole JSON text of a string.
    package static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse([UInt8](text.utf8).span) }

    /// Reads the next value of `reader`.
    package init(reading reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) {
        switch try reader.kind(in: bytes) {
        case .null:
            try reader.null(in: bytes)
            self = .null
        case .boolean: self = .boolean(try reader.boolean(in: bytes))
        case .number: self = .number(try reader.number(in: bytes).text(in: bytes))
        case .string: self = .string(try reader.string(in: bytes).string(in: bytes))
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray(in: bytes)
            while try reader.nextElement(in: bytes) { elements.append(try JSONValue(reading: &reader, in: bytes)) }
            self = .array(elements)
        case .object:
            var object = JSONObject()
            try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                object[key.string(in: bytes)] = try JSONValue(reading: &reader, in: bytes)
            }
            self = .object(object)
        }
    }

    /// Appends the value as JSON; `pretty` puts every item on a line of its own, indented by two spaces.
    package func append(to output: inout [UInt8], pretty: Bool = false) {
        append(to: &output, indentation: pretty ? 0 : nil)
    }

    /// The value as JSON text.
    package func text(pretty: Bool = false) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, pretty: pretty)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func append(to output: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: output.append(literal: "null")
        case .boolean(let value): output.append(literal: value ? "true" : "false")
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): output.appendJSON(text)
        case .array(let elements):
            Self.appendList("[", "]", elements, to: &output, indentation: indentation) { element, output, inner in
                element.append(to: &output, indentation: inner)
            }
        case .object(let object):
            Self.appendList("{", "}", object.members, to: &output, indentation: indentation) { member, output, inner in
                output.appendJSON(member.key)
                output.append(literal: inner == nil ? ":" : ": ")
                member.value.append(to: &output, indentation: inner)
            }
        }
    }

    private static func appendList<Item>(
        _ opening: StaticString, _ closing: StaticString, _ items: [Item], to output: inout [UInt8], indentation: Int?,
        appendItem: (Item, inout [UInt8], Int?) -> Void
    ) {
        output.append(literal: opening)
        for (place, item) in items.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            if let indentation { output.appendLineBreak(indentation: indentation + 1) }
            appendItem(item, &output, indentation.map { $0 + 1 })
        }
        if let indentation, !items.isEmpty { output.appendLineBreak(indentation: indentation) }
        output.append(literal: closing)
    }
}

extension [UInt8] {
    fileprivate mutating func appendLineBreak(indentation: Int) {
        append(UInt8(ascii: "\n"))
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indentation))
    }
}
