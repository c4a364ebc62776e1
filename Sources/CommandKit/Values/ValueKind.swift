/// What the value of an option or operand looks like, and how it is read.
package enum ValueKind: Equatable, Sendable {
    /// Yes or no: the bare option, or `on` or `off`.
    case toggle
    /// A whole number in a range; `word`, where there is one, is the spelling of "no number", such as `off`.
    case integer(ClosedRange<Int>, word: String? = nil)
    /// A duration such as `250ms`; see ``DurationText``.
    case duration(DurationText.Rule, word: String? = nil)
    /// A number of bytes such as `64KiB`; see ``SizeText``.
    case size(ClosedRange<Int>)
    /// Bytes a second, such as `64KiB/s`.
    case byteRate(ClosedRange<Int>, word: String? = nil)
    /// A number such as `50k` or `1.5M`, or a percentage; see ``NumberText``.
    case number(NumberText.Rule)
    /// One of the words listed.
    case choice([String])
    /// A path of a file.
    case file
    /// A path of a directory.
    case directory
    /// An address to listen on; `portAlone` admits a bare port.
    case listenAddress(portAlone: Bool)
    /// Profiles and the address they listen on: `PROFILE=HOST:PORT`, `a+b=…`.
    case placement(profiles: [String])
    /// Anything that is not empty.
    case text

    /// The words a value may be, for completion.
    package var words: [String] {
        switch self {
        case .toggle: ["on", "off"]
        case .choice(let words): words
        case .integer(_, let word), .duration(_, let word), .byteRate(_, let word): word.map { [$0] } ?? []
        default: []
        }
    }

    /// Reads a value.
    ///
    /// - Throws: ``ValueError``, which says what was expected.
    package func parse(_ text: String) throws(ValueError) -> OptionValue {
        guard !text.isEmpty else { throw ValueError("the value is empty; write one") }
        if let word, text == word { return .nothing }
        switch self {
        case .toggle: return .toggle(try Self.parseToggle(text))
        case .integer(let range, let word): return .integer(try Self.parseInteger(text, in: range, word: word))
        case .duration(let rule, let word): return .duration(try DurationText.parse(text, rule, word: word))
        case .size(let range): return .integer(try SizeText.parse(text, in: range))
        case .byteRate(let range, let word): return .integer(try SizeText.parseRate(text, in: range, word: word))
        case .number(let rule): return .number(try NumberText.parse(text, rule))
        case .choice(let words): return .text(try Self.parseChoice(text, among: words))
        case .listenAddress(let portAlone): return .address(try ListenAddress(parsing: text, portAlone: portAlone))
        case .placement(let profiles): return .placement(try ListenPlacement(parsing: text, profiles: profiles))
        case .file, .directory, .text: return .text(text)
        }
    }

    /// The canonical spelling of a value, which ``parse(_:)`` reads back to the same value.
    package func spelling(of value: OptionValue) -> String {
        switch (value, self) {
        case (.nothing, _): word ?? ""
        case (.toggle(let on), _): on ? "on" : "off"
        case (.integer(let number), .size): SizeText.spell(number)
        case (.integer(let number), .byteRate): SizeText.spell(number) + "/s"
        case (.integer(let number), _): String(number)
        case (.number(let number), .number(let rule)): NumberText.spell(number, rule)
        case (.number(let number), _): number.description
        case (.duration(let duration), _): DurationText.spell(duration)
        case (.text(let text), _): text
        case (.address(let address), _): address.description
        case (.placement(let placement), _): placement.description
        }
    }

    private var word: String? {
        switch self {
        case .integer(_, let word), .duration(_, let word), .byteRate(_, let word): word
        default: nil
        }
    }

    private static func parseToggle(_ text: String) throws(ValueError) -> Bool {
        switch text {
        case "on": return true
        case "off": return false
        default: throw ValueError("write on or off")
        }
    }

    private static func parseInteger(
        _ text: String, in range: ClosedRange<Int>, word: String?
    ) throws(ValueError) -> Int {
        guard text.utf8.first != UInt8(ascii: "+"), let number = Int(text), range.contains(number) else {
            throw ValueError("write a whole number \(describe(range))" + (word.map { " or \($0)" } ?? ""))
        }
        return number
    }

    private static func parseChoice(_ text: String, among words: [String]) throws(ValueError) -> String {
        guard words.contains(text) else {
            let nearest = Suggestion.nearest(to: text, among: words).map { "did you mean \($0)? " } ?? ""
            throw ValueError(nearest + "write " + words.joinedAsChoice())
        }
        return text
    }

    /// A range in words: "from 1 to 10", or "of at least 1" where there is no practical upper bound.
    static func describe(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }
}

/// A value after it was read.
package enum OptionValue: Equatable, Sendable {
    /// The word that stands for "none": `off`, `auto`, `forever`.
    case nothing
    case toggle(Bool)
    /// A count, a number of bytes, or bytes a second.
    case integer(Int)
    /// A number that may have a fraction, in the unit of its text: 5 for `5%`, 50000 for `50k`.
    case number(Double)
    case duration(Duration)
    case text(String)
    case address(ListenAddress)
    case placement(ListenPlacement)
}

/// Why a value was refused: what to write instead, as the end of a sentence.
package struct ValueError: Error, Equatable {
    /// Such as "write a whole number from 1 to 10".
    package var remedy: String

    /// Makes an error.
    package init(_ remedy: String) { self.remedy = remedy }
}

extension [String] {
    /// "a", "a or b", "a, b or c".
    package func joinedAsChoice() -> String {
        guard count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + self[count - 1]
    }
}
