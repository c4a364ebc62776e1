/// A shell text split into commands and words, as far as README and examples go: quotes, escapes, comments,
/// redirections and the operators between commands. Nothing is expanded.
struct ShellWords {
    /// The commands, each a list of words; redirections are left out.
    private(set) var commands: [[String]] = []

    private var words: [String] = []
    private var word: String?
    private var isTarget = false

    init(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() { take(character, &rest) }
        endCommand()
    }

    private mutating func take(_ character: Character, _ rest: inout Substring) {
        switch character {
        case "\\":
            if rest.first == "\n" { rest.removeFirst() } else { append(rest.popFirst().map(String.init) ?? "") }
        case "'", "\"":
            append(String(rest.prefix { $0 != character }))
            rest = rest.drop { $0 != character }.dropFirst()
        case "#" where word == nil: rest = rest.drop { $0 != "\n" }
        case " ": endWord()
        case "<", ">":
            // A number before it names the descriptor.
            if word.map({ $0.allSatisfy(\.isNumber) }) == true { word = nil }
            endWord()
            isTarget = true
            if rest.first == "(" { isTarget = false }
        case "\n", ";", "|", "&", "(", ")": endCommand()
        default: append(String(character))
        }
    }

    private mutating func append(_ text: String) { word = (word ?? "") + text }

    /// Ends a word; the first one after a redirection is its target, no argument.
    private mutating func endWord() {
        guard let ended = word else { return }
        word = nil
        if !isTarget { words.append(ended) }
        isTarget = false
    }

    private mutating func endCommand() {
        endWord()
        isTarget = false
        if !words.isEmpty { commands.append(words) }
        words = []
    }
}
