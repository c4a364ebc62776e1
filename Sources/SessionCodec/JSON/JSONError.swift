/// Why some bytes are not the JSON that was asked for: where, and what should have stood there.
package struct JSONError: Error, Equatable, Sendable {
    /// Index of the byte at which reading stopped; the length of the text when it ended too early.
    package var offset: Int
    /// What would have been right at ``offset``.
    package var expected: Expectation

    /// Makes the error of reading `offset` where `expected` should have stood.
    package init(offset: Int, expected: Expectation) {
        self.offset = offset
        self.expected = expected
    }

    /// What a reader can be waiting for, in the words of RFC 8259.
    package enum Expectation: String, Sendable {
        case value = "a value"
        case object = "an object"
        case array = "an array"
        case string = "a string"
        case number = "a number"
        case boolean = "true or false"
        case null = "null"
        case key = "a key or '}'"
        case colon = "':'"
        case commaOrBrace = "',' or '}'"
        case commaOrBracket = "',' or ']'"
        case digit = "a digit"
        case closingQuote = "a closing quote"
        case escapedCharacter = "a control character to be escaped"
        case escape = "one of \"\\/bfnrtu after a backslash"
        case hexDigits = "four hexadecimal digits"
        case surrogatePair = "a high and a low surrogate in a pair"
        case validUTF8 = "valid UTF-8"
        case shallowerNesting = "shallower nesting"
        case end = "the end of the text"
    }
}

extension JSONError: CustomStringConvertible {
    /// One sentence without a full stop, such as `expected ':' at byte 17`.
    package var description: String { "expected \(expected.rawValue) at byte \(offset)" }
}
