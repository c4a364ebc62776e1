import SessionCodec

/// Checks values against a JSON Schema (draft 2020-12), as far as our own schema goes: `type`, `enum`, `const`, `pattern`
/// with anchors, classes and counts, `minimum`, `maximum`, `required`, `properties`, `additionalProperties`, `items`,
/// `$ref` into `$defs`.
struct JSONSchema {
    let root: JSONValue

    private static let known: Set<String> = [
        "$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "pattern", "minimum", "maximum",
        "required", "properties", "additionalProperties", "items",
    ]

    /// What is wrong with a value: a sentence for each mistake. Keys that the schema does not describe are mistakes too,
    /// for a schema that forgets a field would otherwise never be noticed.
    func mistakes(in value: JSONValue) -> [String] { mistakes(in: value, at: "$", against: root) }

    private func mistakes(in value: JSONValue, at path: String, against schema: JSONValue) -> [String] {
        guard case .object(let rules) = schema else { return ["\(path): the schema is no object"] }
        var found = rules.members.filter { !Self.known.contains($0.key) }.map { "the schema uses \($0.key)" }
        if let reference = rules["$ref"]?.string {
            found += mistakes(in: value, at: path, against: resolved(reference))
        }
        found += typeMistakes(in: value, at: path, rules) + valueMistakes(in: value, at: path, rules)
        if case .object(let object) = value { found += memberMistakes(in: object, at: path, rules) }
        if let items = rules["items"], let elements = value.elements {
            for (place, element) in elements.enumerated() {
                found += mistakes(in: element, at: "\(path)[\(place)]", against: items)
            }
        }
        return found
    }

    private func resolved(_ reference: String) -> JSONValue {
        root["$defs"]?[String(reference.dropFirst("#/$defs/".count))] ?? .null
    }

    private func typeMistakes(in value: JSONValue, at path: String, _ rules: JSONObject) -> [String] {
        guard let type = rules["type"] else { return [] }
        let allowed = type.elements?.compactMap(\.string) ?? [type.string ?? ""]
        return Self.types(of: value).isDisjoint(with: allowed) ? ["\(path): not of type \(type.text())"] : []
    }

    private func valueMistakes(in value: JSONValue, at path: String, _ rules: JSONObject) -> [String] {
        var found: [String] = []
        if let choices = rules["enum"]?.elements, !choices.contains(value) { found.append("\(path): not in the enum") }
        if let constant = rules["const"], constant != value { found.append("\(path): not \(constant.text())") }
        if let number = value.double {
            if let low = rules["minimum"]?.double, number < low { found.append("\(path): less than \(low)") }
            if let high = rules["maximum"]?.double, number > high { found.append("\(path): more than \(high)") }
        }
        if let pattern = rules["pattern"]?.string, let text = value.string {
            let isMatch = (try? Regex(pattern).firstMatch(in: text)) ?? nil
            if isMatch == nil { found.append("\(path): does not match \(pattern)") }
        }
        return found
    }

    private func memberMistakes(in object: JSONObject, at path: String, _ rules: JSONObject) -> [String] {
        var found: [String] = []
        for key in rules["required"]?.elements?.compactMap(\.string) ?? [] where object[key] == nil {
            found.append("\(path): \(key) is missing")
        }
        // A schema that only refers to another one describes nothing itself.
        guard rules["properties"] != nil || rules["additionalProperties"] != nil else { return found }
        for member in object.members {
            let place = "\(path).\(member.key)"
            if let rule = rules["properties"]?[member.key] ?? rules["additionalProperties"] {
                found += mistakes(in: member.value, at: place, against: rule)
            } else {
                found.append("\(place): not described")
            }
        }
        return found
    }

    private static func types(of value: JSONValue) -> Set<String> {
        switch value {
        case .null: ["null"]
        case .boolean: ["boolean"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        case .number: value.integer != nil ? ["integer", "number"] : ["number"]
        }
    }
}
