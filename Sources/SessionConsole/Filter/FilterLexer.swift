/// Cuts the text of a filter into words, signs and quoted texts.
struct FilterLexer {
    enum Token: Equatable {
        /// A field, a keyword, a number with its unit, or a bare text.
        case word(String)
        /// A text between quotes.
        case quoted(String)
        case sign(Filter.Comparison)
        case open, close
        case end
    }

    private let text: [Character]
    private var place = 0
    /// Where the token that was taken last begins.
    private(set) var start = 0

    init(_ text: String) { self.text = Array(text) }

    mutating func next() throws(FilterError) -> Token {
        while place < text.count, text[place].isWhitespace { place += 1 }
        start = place
        guard place < text.count else { return .end }
        switch text[place] {
        case "(": return take(.open)
        case ")": return take(.close)
        case "\"", "'": return try quoted()
        case "=", "!", "<", ">", "~": return try sign()
        default: return .word(word())
        }
    }

    /// The error of something at a place, the start of the last token unless told otherwise.
    func error(_ message: String, at offset: Int? = nil) -> FilterError {
        let offset = offset ?? start
        return FilterError(message: message, offset: offset, rest: String(text[min(offset, text.count)...]))
    }

    private mutating func take(_ token: Token) -> Token {
        place += 1
        return token
    }

    private mutating func sign() throws(FilterError) -> Token {
        let both = String(text[place...].prefix(2))
        // Some people write == and mean it.
        if both == "==" {
            place += 2
            return .sign(.equal)
        }
        for candidate in [both, String(both.prefix(1))] {
            guard let sign = Filter.Comparison(rawValue: candidate) else { continue }
            place += candidate.count
            return .sign(sign)
        }
        throw error("\(both.prefix(1)) is no comparison; these are: = != < <= > >= ~")
    }

    private mutating func quoted() throws(FilterError) -> Token {
        let quote = text[place]
        var inner = ""
        place += 1
        while place < text.count, text[place] != quote {
            // A backslash is kept for the pattern unless it hides the quote.
            if text[place] == "\\", place + 1 < text.count, text[place + 1] == quote { place += 1 }
            inner.append(text[place])
            place += 1
        }
        guard place < text.count else { throw error("the quote is not closed") }
        place += 1
        return .quoted(inner)
    }

    private mutating func word() -> String {
        let end = text[place...].firstIndex { $0.isWhitespace || "()\"'=!<>~".contains($0) } ?? text.count
        defer { place = end }
        return String(text[place..<end])
    }
}
