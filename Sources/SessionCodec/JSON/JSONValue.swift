/// A JSON value that owns its parts: for tools, tests and configuration, not for the path of a message.
///
/// Numbers keep their text, objects keep their order.
package enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// The text of the number, in JSON's grammar.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of an object in the order of their first appearance; a key given twice has its last value.
package struct JSONObject: Sendable {
    /// One key and its value.
    package struct Member: Equatable, Sendable {
        /// The key, unescaped.
        package var key: String
        /// What it stands for.
        package var value: JSONValue

        /// Pairs a key and a value.
        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }

        /// The same key with an equal value.
        package static func == (left: Member, right: Member) -> Bool {
            left.key.isSameText(as: right.key) && left.value == right.value
        }
    }

    /// Keys are unique.
    package private(set) var members: [Member] = []

    /// Places of keys in `members`; kept only for objects so large that a search would be slow.
    private var places: [ExactText: Int] = [:]

    /// An object without members.
    package init() {}

    /// The value of a key; setting `nil` removes it. A new key goes to the end.
    package subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Above this count a dictionary finds keys, so that an object of n keys is read in O(n).
    private static let searchedCountMax = 16

    private func place(of key: String) -> Int? {
        if members.count > Self.searchedCountMax { return places[ExactText(key)] }
        return members.firstIndex { $0.key.isSameText(as: key) }
    }

    private mutating func append(_ member: Member) {
        members.append(member)
        if members.count == Self.searchedCountMax + 1 {
            indexAll()
        } else if members.count > Self.searchedCountMax {
            places[ExactText(member.key)] = members.count - 1
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        indexAll()
    }

    private mutating func indexAll() {
        places = [:]
        guard members.count > Self.searchedCountMax else { return }
        for (place, member) in members.enumerated() { places[ExactText(member.key)] = place }
    }
}

/// A string that equals only the same bytes; `String` itself takes composed and decomposed characters for equal.
private struct ExactText: Hashable {
    let text: String
    init(_ text: String) { self.text = text }
    static func == (left: ExactText, right: ExactText) -> Bool { left.text.isSameText(as: right.text) }
    func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}

extension String {
    /// Whether both are the same sequence of scalars, as RFC 8259 §8.3 compares strings.
    func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension JSONObject: Equatable {
    /// The same keys with equal values; order does not count.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
}

extension JSONValue: Equatable {
    /// The same value: numbers by what they mean, objects without regard to order.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right || areEqualNumbers(left, right)
        case (.string(let left), .string(let right)): left.isSameText(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Compares integers of 64 bits exactly and all else as doubles.
    private static func areEqualNumbers(_ left: String, _ right: String) -> Bool {
        if let left = Int64(left), let right = Int64(right) { return left == right }
        if let left = UInt64(left), let right = UInt64(right) { return left == right }
        guard let left = Double(left), let right = Double(right) else { return false }
        return left.isFinite && left == right
    }
}

extension JSONValue {
    /// How the elements of arrays are compared with those of a pattern.
    package enum ElementRule: Sendable {
        /// There are as many, each like the one at its place.
        case all
        /// Those of the pattern are there in their order, and others may be between them; `[]` is an empty array still.
        case some
    }

    /// Tells whether this value has everything that `pattern` asks for, as `--expect-json` does.
    ///
    /// Objects may have more fields than the pattern; arrays are compared by the rule; all else must be equal.
    package func matches(pattern: JSONValue, elements rule: ElementRule = .all) -> Bool {
        switch (self, pattern) {
        case (.object(let object), .object(let wanted)):
            return wanted.members.allSatisfy { object[$0.key]?.matches(pattern: $0.value, elements: rule) ?? false }
        case (.array(let elements), .array(let wanted)) where rule == .some && !wanted.isEmpty:
            var rest = wanted[...]
            // The first element that fits is the best one: it leaves the most for those that follow.
            for element in elements {
                guard let next = rest.first else { break }
                if element.matches(pattern: next, elements: rule) { rest = rest.dropFirst() }
            }
            return rest.isEmpty
        case (.array(let elements), .array(let wanted)):
            return elements.count == wanted.count
                && zip(elements, wanted).allSatisfy { $0.matches(pattern: $1, elements: rule) }
        default: return self == pattern
        }
    }

    /// The value of a key where this is an object that has it.
    package subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element at a place where this is an array that has it.
    package subscript(place: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(place) { elements[place] } else { nil }
    }

    /// The characters where this is a string.
    package var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The value where this is a number without fraction and exponent of at most 64 bits.
    package var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }

    /// The value where this is a number that a finite double can stand for.
    package var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The value where this is `true` or `false`.
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The elements where this is an array.
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
