import SessionCodec

/// What a STATE_UPDATE asks for does not fit what stands there (PROTOCOLS §3.5).
enum StateOperationError: Error, Equatable {
    /// INCREMENT of or by something else than a number, or beyond the finite numbers.
    case notANumber
    /// MERGE of or into something else than an object.
    case notAnObject
}

/// The operations of a STATE_UPDATE (PROTOCOLS 1-12).
extension SessionState {
    /// Applies an operation to a key in the current version.
    ///
    /// - Parameters:
    ///   - value: JSON text; whatever for DELETE.
    /// - Returns: The value that the key has now; `nil` after DELETE.
    /// - Throws: ``StateOperationError``; nothing is changed.
    mutating func apply(
        _ operation: StateOperation, _ value: String, to key: String
    ) throws(StateOperationError) -> String? {
        switch operation {
        case .delete:
            delete(key)
            return nil
        case .set:
            set(key, to: value)
            return value
        case .merge:
            let merged = try Self.merge(value, into: self[key] ?? "{}")
            set(key, to: merged)
            return merged
        case .increment:
            let sum = try Self.sum(self[key] ?? "0", value)
            set(key, to: sum)
            return sum
        }
    }

    private static func merge(_ value: String, into standing: String) throws(StateOperationError) -> String {
        guard var object = StateMember.object(standing), let change = StateMember.object(value) else {
            throw .notAnObject
        }
        for member in change.members { object[member.key] = member.value }
        return JSONValue.object(object).text()
    }

    /// Adds two numbers: exactly where both are whole and their sum has 64 bits, else as doubles.
    private static func sum(_ left: String, _ right: String) throws(StateOperationError) -> String {
        if let left = Int64(left), let right = Int64(right) {
            let (sum, overflow) = left.addingReportingOverflow(right)
            if !overflow { return String(sum) }
        }
        guard isNumber(left), isNumber(right), let left = Double(left), let right = Double(right) else {
            throw .notANumber
        }
        guard (left + right).isFinite else { throw .notANumber }
        return (left + right).description
    }

    /// Whether a JSON text is a number; `Double` would read words such as `nan` too.
    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return first == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= first
    }
}
