/// A text that equals only the same bytes; `String` itself takes composed and decomposed characters for equal, and the sign
/// of Kelvin for a K.
struct ExactText: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.isSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) {
        var (word, count): (UInt64, Int) = (0, 0)
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count.isMultiple(of: 8) { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(count)
    }
}

extension String {
    /// Whether both are the same sequence of scalars (RFC 8259 §8.3).
    func isSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

/// Values by names that come from outside: two names are the same only where their bytes are.
///
/// What hashes bytes, such as the choice of a topic's loop, and what looks names up must agree on which are the same.
struct TextMap<Value> {
    private var storage: [ExactText: Value] = [:]

    /// How many there are.
    var count: Int { storage.count }

    /// Whether there are none.
    var isEmpty: Bool { storage.isEmpty }

    /// The values, in no order.
    var values: some Collection<Value> { storage.values }

    /// All names and values in an order of the values'.
    func sorted(by areInOrder: (Value, Value) -> Bool) -> [(name: String, value: Value)] {
        storage.map { (name: $0.key.text, value: $0.value) }.sorted { areInOrder($0.value, $1.value) }
    }

    /// The value of a name, changed where it lies; `nil` removes it.
    subscript(_ name: String) -> Value? {
        get { storage[ExactText(name)] }
        _modify { yield &storage[ExactText(name)] }
    }

    /// The value of a name, changed where it lies; made where there is none.
    subscript(_ name: String, default value: @autoclosure () -> Value) -> Value {
        get { storage[ExactText(name), default: value()] }
        _modify { yield &storage[ExactText(name), default: value()] }
    }

    /// Takes out the value of a name.
    mutating func removeValue(forKey name: String) -> Value? { storage.removeValue(forKey: ExactText(name)) }
}

extension TextMap: Sendable where Value: Sendable {}
extension TextMap: Equatable where Value: Equatable {}
