import SessionBase
import SessionCodec

/// The kinds of numbers that documents hold; names of fields say their units.
extension JSONValue {
    /// A whole number.
    static func whole(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// A number; `null` where it is not finite or not there.
    static func real(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number(String(value))
    }

    /// A duration in nanoseconds.
    static func nanoseconds(_ value: Duration) -> JSONValue { .whole(value.nanoseconds) }

    /// Counts by name, sorted.
    static func counts(_ values: [String: UInt64]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = .whole(value) }
        return .object(object)
    }

    /// An array of strings.
    static func texts(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
