/// Where in a JSON text that is still being typed its end lies: what a completion needs to know.
struct JSONPosition: Equatable {
    /// The keys that lead to the innermost object; elements of arrays add nothing.
    var path: [String] = []
    /// Whether a key is expected here; otherwise a value.
    var isKey = false
    /// The key whose value is expected.
    var key: String?
    /// The keys that the innermost object has already.
    var usedKeys: [String] = []
    /// The value of the top-level field `type`, where it stands before this place; digits where it is a number.
    var type: String?

    /// Finds the end of `text`.
    ///
    /// - Returns: `nil` where no JSON object is being typed, or its end lies inside a string.
    init?(endOf text: some StringProtocol) {
        var scanner = Scanner()
        for character in text { scanner.take(character) }
        guard let innermost = scanner.frames.last, !scanner.isInString else { return nil }
        path = scanner.frames.compactMap(\.name)
        isKey = innermost.isObject && innermost.key == nil
        key = innermost.key ?? innermost.name
        usedKeys = innermost.usedKeys
        type = scanner.type
    }

    /// Reads characters one by one; forgiving, because half-typed text is never right.
    private struct Scanner {
        struct Frame {
            var isObject: Bool
            /// The key of the enclosing object under which this container stands.
            var name: String?
            /// The key whose value comes next, in an object.
            var key: String?
            var usedKeys: [String] = []
        }

        var frames: [Frame] = []
        var isInString = false
        var type: String?
        private var isEscaped = false
        private var string = ""

        mutating func take(_ character: Character) {
            if isInString { return takeInString(character) }
            switch character {
            case "\"":
                isInString = true
                string = ""
            case "{", "[":
                frames.append(Frame(isObject: character == "{", name: frames.last?.key))
            case "}", "]":
                if !frames.isEmpty { frames.removeLast() }
                endValue()
            case ",": endValue()
            case "0"..."9" where frames.count == 1 && frames[0].key == "type": type = (type ?? "") + String(character)
            default: break
            }
        }

        private mutating func takeInString(_ character: Character) {
            if isEscaped {
                isEscaped = false
                string.append(character)
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isInString = false
                endString()
            } else {
                string.append(character)
            }
        }

        private mutating func endString() {
            guard let last = frames.indices.last, frames[last].isObject else { return }
            if let key = frames[last].key {
                if key == "type", frames.count == 1 { type = string }
            } else {
                frames[last].key = string
                frames[last].usedKeys.append(string)
            }
        }

        private mutating func endValue() {
            if let last = frames.indices.last { frames[last].key = nil }
        }
    }
}
