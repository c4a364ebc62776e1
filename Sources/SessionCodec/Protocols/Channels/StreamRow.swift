import SessionBase

/// One row of a stream: an object that is passed on as it came.
package struct StreamRow: Equatable, Sendable {
    /// The object.
    package let fragment: JSONFragment

    /// Takes a value; `nil` where it is no object.
    package init?(_ fragment: JSONFragment) {
        guard fragment.kind == .object else { return nil }
        self.fragment = fragment
    }
}

/// What rows a subscriber of a stream wants: those whose fields equal all of these (PROTOCOLS 2-26).
package struct StreamFilter: Sendable {
    /// The most fields.
    package static let fieldsMax = 16
    /// The longest filter, in bytes of its JSON.
    package static let bytesMax = 4096

    /// One condition.
    private struct Condition: Sendable {
        var name: [UInt8]
        var value: JSONValue
    }

    /// The filter's JSON.
    package let fragment: JSONFragment
    private let conditions: [Condition]

    /// Lets everything pass.
    package static let everything = StreamFilter(fragment: .emptyObject, conditions: [])

    private init(fragment: JSONFragment, conditions: [Condition]) {
        self.fragment = fragment
        self.conditions = conditions
    }

    /// Takes an object of texts, numbers, booleans and nulls; `nil` where it is another value, or too large.
    package init?(_ fragment: JSONFragment) {
        guard fragment.kind == .object, fragment.bytes.count <= Self.bytesMax,
            case .object(let object) = fragment.value, object.members.count <= Self.fieldsMax
        else { return nil }
        for member in object.members {
            switch member.value {
            case .null, .boolean, .number, .string: break
            case .array, .object: return nil
            }
        }
        self.init(
            fragment: fragment,
            conditions: object.members.map { Condition(name: Array($0.key.utf8), value: $0.value) })
    }

    /// Whether every row passes.
    package var isEmpty: Bool { conditions.isEmpty }

    /// Whether a row has all fields of the filter with equal values; numbers are compared by what they mean.
    ///
    /// - Complexity: O(bytes of the row × fields of the filter); allocates only for fields that the filter names.
    package func allows(_ row: StreamRow) -> Bool {
        conditions.isEmpty || allows(row.fragment.bytes.span)
    }

    private func allows(_ bytes: Span<UInt8>) -> Bool {
        // One bit for each condition that the last field of its name met.
        var met: UInt32 = 0
        do {
            var reader = JSONReader(maxDepth: 64)
            try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                let range = try reader.skipValue(in: bytes)
                for (place, condition) in conditions.enumerated()
                where key.equals(condition.name.span, in: bytes) {
                    let bit: UInt32 = 1 << UInt32(place)
                    if Self.equals(bytes.extracting(range), condition.value) { met |= bit } else { met &= ~bit }
                }
            }
        } catch {
            preconditionFailure("a row holds no JSON: \(error)")
        }
        return met.nonzeroBitCount == conditions.count
    }

    private static func equals(_ bytes: Span<UInt8>, _ value: JSONValue) -> Bool {
        switch (value, bytes[0]) {
        case (_, UInt8(ascii: "{")), (_, UInt8(ascii: "[")): return false
        default: break
        }
        do { return try JSONValue.parse(bytes) == value } catch {
            preconditionFailure("a row holds no JSON: \(error)")
        }
    }
}

extension StreamFilter: Equatable {
    /// The same conditions, in whatever order.
    package static func == (left: StreamFilter, right: StreamFilter) -> Bool { left.fragment == right.fragment }
}
