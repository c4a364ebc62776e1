package import CommandKit

/// Cuts a line of the console into words as a shell does: blanks separate, quotes and backslashes keep together.
package enum ConsoleWords {
    /// The words of a whole line.
    package static func split(_ line: String) throws(CommandError) -> [String] {
        let (words, openQuote) = read(line)
        if let openQuote { throw .usage("the quote \(openQuote) is not closed") }
        return words
    }

    /// The words of a line that somebody is still typing; an open quote ends with the line.
    static func splitUnfinished(_ line: String) -> [String] { read(line).words }

    private static func read(_ line: String) -> (words: [String], openQuote: Character?) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                // Between double quotes a backslash is kept before what it does not hide, as patterns need it.
                if quote != nil, character != "\"", character != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if isEscaped { word = (word ?? "") + "\\" }
        if let word { words.append(word) }
        return (words, quote)
    }
}
