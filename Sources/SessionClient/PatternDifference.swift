package import SessionCodec

/// One place at which a JSON value is not what a pattern asks for.
package struct PatternDifference: Equatable, Sendable, CustomStringConvertible {
    /// Where, such as `payload.cases[0].caseId`; empty for the whole value.
    package var path: String
    /// What the pattern asks for.
    package var expected: String
    /// What is there; `nil` where nothing is.
    package var actual: String?

    package var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        return "\(place)expected \(expected), got \(actual ?? "nothing")"
    }

    /// Lists the places at which `value` does not match `pattern`, in the pattern's order.
    package static func between(
        _ value: JSONValue, and pattern: JSONValue, elements rule: JSONValue.ElementRule = .all
    ) -> [PatternDifference] {
        var differences: [PatternDifference] = []
        compare(value, pattern, rule, at: "", &differences)
        return differences
    }

    /// How many values without parts a pattern holds: the most differences it can have.
    package static func leafCount(of pattern: JSONValue) -> Int {
        switch pattern {
        case .object(let object): max(object.members.reduce(0) { $0 + leafCount(of: $1.value) }, 1)
        case .array(let elements): max(elements.reduce(0) { $0 + leafCount(of: $1) }, 1)
        default: 1
        }
    }

    private static func compare(
        _ value: JSONValue?, _ pattern: JSONValue, _ rule: JSONValue.ElementRule, at path: String,
        _ differences: inout [PatternDifference]
    ) {
        switch (value, pattern) {
        case (let value?, _) where value.matches(pattern: pattern, elements: rule): break
        case (.object(let object)?, .object(let wanted)):
            for member in wanted.members {
                let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
                compare(object[member.key], member.value, rule, at: inner, &differences)
            }
        case (.array(let elements)?, .array(let wanted)) where elements.count == wanted.count:
            for (index, pair) in zip(elements, wanted).enumerated() {
                compare(pair.0, pair.1, rule, at: "\(path)[\(index)]", &differences)
            }
        case (nil, .object(let wanted)) where !wanted.members.isEmpty:
            for member in wanted.members {
                compare(nil, member.value, rule, at: path.isEmpty ? member.key : "\(path).\(member.key)", &differences)
            }
        default:
            differences.append(PatternDifference(path: path, expected: pattern.text(), actual: value?.text()))
        }
    }
}
