import SessionBase

/// The object that holds a message's fields, read by name; what is missing or wrong is named in the error.
struct MessageFields {
    /// The object.
    let value: JSONValue

    /// Reads fields of `value`; `nil` and values that are no objects have none.
    init(_ value: JSONValue?) { self.value = value ?? .null }

    /// A string.
    func text(_ name: String) throws(WireError) -> String {
        guard let text = value[name]?.string else { throw .invalidField(name) }
        return text
    }

    /// A string that obeys ``IdentifierRule``.
    func identifier(_ name: String) throws(WireError) -> String {
        let text = try text(name)
        guard IdentifierRule.allows(text) else { throw .invalidField(name) }
        return text
    }

    /// A time in RFC 3339.
    func timestamp(_ name: String) throws(WireError) -> Timestamp {
        guard let time = Timestamp(parsing: [UInt8](try text(name).utf8).span) else { throw .invalidField(name) }
        return time
    }

    /// A whole number.
    func integer(_ name: String) throws(WireError) -> Int64 {
        guard let number = value[name]?.integer else { throw .invalidField(name) }
        return number
    }

    /// `true` or `false`.
    func boolean(_ name: String) throws(WireError) -> Bool {
        guard let flag = value[name]?.boolean else { throw .invalidField(name) }
        return flag
    }

    /// The elements of an array.
    func elements(_ name: String) throws(WireError) -> [JSONValue] {
        guard let elements = value[name]?.elements else { throw .invalidField(name) }
        return elements
    }
}
