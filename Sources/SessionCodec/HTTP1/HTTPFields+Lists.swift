extension HTTPFields {
    /// Tells whether the comma-separated lists of a field hold `token` (lower case), in any case.
    ///
    /// - Complexity: O(length of the values), no allocation.
    package func containsToken(_ name: StaticString, _ token: StaticString) -> Bool {
        var found = false
        forEachValue(of: name) { value in
            var list = HTTPList(value)
            while let element = list.next(in: text.span) {
                if text.span.hasLiteralIgnoringCase(token, in: element) {
                    found = true
                    return false
                }
            }
            return true
        }
        return found
    }

    /// The elements of all lists of a field, in order; empty ones do not count (RFC 9110 §5.6.1).
    package func tokens(of name: StaticString) -> [String] {
        var tokens: [String] = []
        forEachValue(of: name) { value in
            var list = HTTPList(value)
            while let element = list.next(in: text.span) { tokens.append(string(element)) }
            return true
        }
        return tokens
    }

    /// The elements of all lists of a field with their parameters.
    ///
    /// - Returns: `nil` where an element is not in the grammar `token *( ";" token [ "=" ( token / quoted ) ] )`.
    package func elements(of name: StaticString) -> [HTTPListElement]? {
        var elements: [HTTPListElement] = []
        var isWellFormed = true
        forEachValue(of: name) { value in
            var list = HTTPList(value)
            while let place = list.next(in: text.span) {
                guard let element = HTTPListElement(place, in: text.span) else {
                    isWellFormed = false
                    return false
                }
                elements.append(element)
            }
            return true
        }
        return isWellFormed ? elements : nil
    }
}

/// Walks over the elements of one field value `a, b;c="x,y"`, respecting quoted strings (RFC 9110 §5.6.1).
struct HTTPList {
    private var rest: Range<Int>

    /// Starts at the first element of the value at `place`.
    init(_ place: Range<Int>) { rest = place }

    /// Where the next element that is not empty lies, without blanks around it.
    mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            let end = Self.endOfElement(rest, separator: UInt8(ascii: ","), in: text)
            let element = text.trimmed(rest.lowerBound..<end)
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            if !element.isEmpty { return element }
        }
        return nil
    }

    /// Index of the first `separator` outside of quotes, or the end of the range.
    static func endOfElement(_ range: Range<Int>, separator: UInt8, in text: Span<UInt8>) -> Int {
        var isQuoted = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            if isQuoted, byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                return index
            }
            index += 1
        }
        return range.upperBound
    }
}

/// One element of a list with parameters, such as an offered WebSocket extension (RFC 6455 §9.1).
package struct HTTPListElement: Equatable, Sendable {
    /// One `name` or `name=value` of an element.
    package struct Parameter: Equatable, Sendable {
        /// The token before the equals sign.
        package var name: String
        /// The value, unquoted; `nil` where there is none.
        package var value: String?

        /// Pairs a name with its value.
        package init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// The element itself.
    package var name: String
    /// What follows it after semicolons, in order.
    package var parameters: [Parameter]

    /// Makes an element.
    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// Reads the element at `place`; `nil` where it is not well-formed.
    init?(_ place: Range<Int>, in text: Span<UInt8>) {
        let end = HTTPList.endOfElement(place, separator: UInt8(ascii: ";"), in: text)
        guard let name = Self.token(place.lowerBound..<end, in: text) else { return nil }
        self.init(name: name)
        var rest = end..<place.upperBound
        while !rest.isEmpty {
            let start = rest.lowerBound + 1
            let end = HTTPList.endOfElement(start..<place.upperBound, separator: UInt8(ascii: ";"), in: text)
            guard let parameter = Self.parameter(start..<end, in: text) else { return nil }
            parameters.append(parameter)
            rest = end..<place.upperBound
        }
    }

    private static func parameter(_ range: Range<Int>, in text: Span<UInt8>) -> Parameter? {
        let end = HTTPList.endOfElement(range, separator: UInt8(ascii: "="), in: text)
        guard let name = token(range.lowerBound..<end, in: text) else { return nil }
        guard end < range.upperBound else { return Parameter(name: name, value: nil) }
        let place = text.trimmed(end + 1..<range.upperBound)
        guard let value = token(place, in: text) ?? quoted(place, in: text) else { return nil }
        return Parameter(name: name, value: value)
    }

    private static func token(_ range: Range<Int>, in text: Span<UInt8>) -> String? {
        let place = text.trimmed(range)
        guard !place.isEmpty, place.allSatisfy({ text[$0].isTokenCharacter }) else { return nil }
        return String(decoding: place.map { text[$0] }, as: UTF8.self)
    }

    /// The characters of a quoted string (RFC 9110 §5.6.4); `nil` where `range` is none.
    private static func quoted(_ range: Range<Int>, in text: Span<UInt8>) -> String? {
        let quote = UInt8(ascii: "\"")
        guard range.count >= 2, text[range.lowerBound] == quote else { return nil }
        var characters: [UInt8] = []
        var index = range.lowerBound + 1
        while index < range.upperBound {
            if text[index] == quote {
                return index == range.upperBound - 1 ? String(decoding: characters, as: UTF8.self) : nil
            }
            if text[index] == UInt8(ascii: "\\") { index += 1 }
            guard index < range.upperBound else { return nil }
            characters.append(text[index])
            index += 1
        }
        return nil
    }
}
