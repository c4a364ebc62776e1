import SessionBase

/// The fields of an HTTP head in their order: one buffer of text, and the places of names and values in it.
///
/// Names are compared without regard to case (RFC 9110 §5.1). Lookups with a literal name, which must be in lower case,
/// do not allocate.
package struct HTTPFields: Sendable {
    /// The bytes that the places of fields refer to; for a parsed head, the head itself.
    package private(set) var text: [UInt8]
    /// Where each field lies in `text`.
    private var entries: [Entry]

    private struct Entry {
        var nameStart: Int32, nameCount: Int32, valueStart: Int32, valueCount: Int32
        @inline(__always) var name: Range<Int> { Int(nameStart)..<Int(nameStart) &+ Int(nameCount) }
        @inline(__always) var value: Range<Int> { Int(valueStart)..<Int(valueStart) &+ Int(valueCount) }
    }

    /// No fields.
    package init() { (text, entries) = ([], []) }

    /// No fields yet, and the text that those to come will refer to.
    init(text: [UInt8]) {
        (self.text, entries) = (text, [])
        entries.reserveCapacity(16)
    }

    /// Adds a field whose name and value are in `text` already.
    mutating func append(name: Range<Int>, value: Range<Int>) {
        entries.append(
            Entry(
                nameStart: Int32(truncatingIfNeeded: name.lowerBound), nameCount: Int32(truncatingIfNeeded: name.count),
                valueStart: Int32(truncatingIfNeeded: value.lowerBound),
                valueCount: Int32(truncatingIfNeeded: value.count)))
    }

    /// How many fields there are.
    package var count: Int { entries.count }

    /// Adds a field at the end.
    ///
    /// - Parameters:
    ///   - name: A token; anything else is a mistake of the caller.
    ///   - value: Control characters in it become spaces, so that nothing can be smuggled into the head.
    package mutating func append(_ name: String, _ value: String) {
        precondition(!name.isEmpty && name.utf8.allSatisfy(\.isTokenCharacter), "\(name) is no field name")
        let nameStart = text.count
        text.append(contentsOf: name.utf8)
        let valueStart = text.count
        for byte in value.utf8 { text.append(byte.isFieldValueCharacter ? byte : UInt8(ascii: " ")) }
        append(name: nameStart..<valueStart, value: text.span.trimmed(valueStart..<text.count))
    }

    /// Removes all fields of a name and adds one at the end.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Removes all fields of a name.
    package mutating func remove(_ name: String) {
        entries = entries.filter { !isName($0, name) }
    }

    // MARK: Looking up

    /// Where the value of the first field of a name lies in ``text``.
    @inline(__always)
    package func place(of name: StaticString) -> Range<Int>? {
        for entry in entries where text.span.hasLiteralIgnoringCase(name, in: entry.name) { return entry.value }
        return nil
    }

    /// Where the values of all fields of a name lie in ``text``.
    package func places(of name: StaticString) -> [Range<Int>] {
        entries.filter { text.span.hasLiteralIgnoringCase(name, in: $0.name) }.map(\.value)
    }

    /// How many fields of a name there are.
    package func count(of name: StaticString) -> Int {
        var count = 0
        for entry in entries where text.span.hasLiteralIgnoringCase(name, in: entry.name) { count += 1 }
        return count
    }

    /// Whether there is a field of a name.
    package func contains(_ name: StaticString) -> Bool { place(of: name) != nil }

    /// Whether the first field of a name has exactly this value.
    package func has(_ name: StaticString, _ value: StaticString) -> Bool {
        guard let place = place(of: name) else { return false }
        return place.count == value.utf8CodeUnitCount && text.span.hasLiteral(value, at: place.lowerBound)
    }

    /// Calls `body` with the value of each field of a name, in order, until it returns `false`.
    func forEachValue(of name: StaticString, _ body: (Range<Int>) -> Bool) {
        for entry in entries where text.span.hasLiteralIgnoringCase(name, in: entry.name) {
            if !body(entry.value) { return }
        }
    }

    /// The value of the first field of a name, in any case; bytes that are no UTF-8 come back as U+FFFD.
    package subscript(name: String) -> String? {
        entries.first { isName($0, name) }.map { string($0.value) }
    }

    /// The values of all fields of a name, in any case.
    package func values(of name: String) -> [String] { entries.filter { isName($0, name) }.map { string($0.value) } }

    /// The text of a place in ``text``.
    package func string(_ place: Range<Int>) -> String { String(decoding: text[place], as: UTF8.self) }

    private func isName(_ entry: Entry, _ name: String) -> Bool {
        text[entry.name].elementsEqual(name.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// Appends the fields as lines of a head.
    package func append(to output: inout [UInt8]) {
        for entry in entries {
            output.append(copying: text.span.extracting(entry.name))
            output.append(literal: ": ")
            output.append(copying: text.span.extracting(entry.value))
            output.append(literal: "\r\n")
        }
    }
}

extension HTTPFields {
    /// All fields as pairs of text, in order.
    package var pairs: [(name: String, value: String)] { entries.map { (string($0.name), string($0.value)) } }

    /// Whether `name` and `value` can be a field as they stand; what a user typed is asked first.
    package static func isValid(name: String, value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenCharacter) && value.utf8.allSatisfy(\.isFieldValueCharacter)
    }
}

extension HTTPFields: Equatable {
    /// The same names, in whatever case, with the same values in the same order.
    package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.pairs.elementsEqual(right.pairs) { left, right in
            left.value.utf8.elementsEqual(right.value.utf8)
                && left.name.utf8.elementsEqual(right.name.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
        }
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// Makes the fields of a literal, in its order.
    package init(dictionaryLiteral fields: (String, String)...) {
        self.init()
        for (name, value) in fields { append(name, value) }
    }
}

extension HTTPFields: CustomStringConvertible {
    /// The fields as lines.
    package var description: String { pairs.map { "\($0.name): \($0.value)\n" }.joined() }
}
