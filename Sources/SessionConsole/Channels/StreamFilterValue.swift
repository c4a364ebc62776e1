package import SessionCodec

/// The value of `--filter KEY=VALUE`, as short as people write it.
package enum StreamFilterValue {
    /// JSON where it is a number, a literal or a text in quotes; everything else is text as it stands.
    package static func read(_ text: String) -> JSONValue {
        // What is no JSON is text.
        guard let value = try? JSONValue.parse(text) else { return .string(text) }
        switch value {
        case .array, .object: return .string(text)
        default: return value
        }
    }
}
