package import SessionCodec

/// An object as names and values: nested names are joined by dots, so that every figure has a line of its own.
package enum FlatRecord {
    /// The fields of an object in their order; lists of plain values on one line.
    package static func fields(of value: JSONValue) -> [ResultField] { fields(of: value, below: "") }

    private static func fields(of value: JSONValue, below name: String) -> [ResultField] {
        switch value {
        case .object(let object):
            object.members.flatMap { fields(of: $0.value, below: name.isEmpty ? $0.key : "\(name).\($0.key)") }
        case .array(let elements) where elements.contains { $0.isContainer }:
            elements.enumerated().flatMap { fields(of: $1, below: "\(name).\($0)") }
        case .array(let elements): [ResultField(name, elements.map(text).joined(separator: ", "))]
        default: [ResultField(name, text(value))]
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "-"
        case .string(let text): text
        default: value.text()
        }
    }
}

extension JSONValue {
    /// Whether this holds other values.
    fileprivate var isContainer: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }
}
