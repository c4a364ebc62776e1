/// An option together with the type of its value: what commands keep as constants and ask ``Settings`` with.
///
/// ```swift
/// static let pingInterval = Option.duration("ping-interval", "Silence before a ping", default: "25s").rule("C1")
/// let interval = settings[pingInterval]     // Duration
/// ```
package struct Option<Value: Sendable>: Sendable {
    /// The declaration.
    package var spec: OptionSpec
    /// Turns what was parsed into the value; gets no values where the option is neither given nor has a default.
    let read: @Sendable ([OptionValue]) -> Value

    init(
        _ key: String, _ summary: String, _ kind: ValueKind, _ placeholder: String, default text: String? = nil,
        read: @escaping @Sendable ([OptionValue]) -> Value
    ) {
        spec = OptionSpec(
            key: key, longs: [key], kind: kind, placeholder: placeholder, defaultText: text, summary: summary)
        self.read = read
    }

    /// Adds a one-letter spelling.
    package func short(_ letter: Character) -> Option { with { $0.shorts.append(letter) } }

    /// Adds another long spelling, which help does not show.
    package func alias(_ long: String) -> Option { with { $0.longs.append(long) } }

    /// Explains the option in whole sentences.
    package func detail(_ text: String) -> Option { with { $0.details = text } }

    /// Names the decision of PROTOCOLS that settled the option.
    package func rule(_ number: String) -> Option { with { $0.decision = number } }

    /// Adds a variable that sets the option besides `SESSIONCTL_…`.
    package func environment(_ variable: String) -> Option { with { $0.environment.append(variable) } }

    /// Adds a variable that several profiles claim.
    package func sharedEnvironment(_ variable: String) -> Option { with { $0.sharedEnvironment.append(variable) } }

    /// Says what happens where nothing gives a value, for options without a fixed default.
    package func unset(_ meaning: String) -> Option { with { $0.unsetMeaning = meaning } }

    /// Lets the option stand without a value, which then is this one.
    package func implied(_ text: String) -> Option { with { $0.impliedText = text } }

    /// Splits each value at commas, for lists of words.
    package func commaSeparated() -> Option { with { $0.isCommaSeparated = true } }

    /// Hides the value wherever settings are printed.
    package func secret() -> Option { with { $0.isSecret = true } }

    private func with(_ change: (inout OptionSpec) -> Void) -> Option {
        var copy = self
        change(&copy.spec)
        return copy
    }
}

extension Option where Value == Bool {
    /// A yes/no option, off where nothing sets it unless `default` says otherwise.
    package static func toggle(_ key: String, _ summary: String, default on: Bool = false) -> Option {
        Option(key, summary, .toggle, "", default: on ? "on" : "off") { $0.last == .toggle(true) }
    }
}

extension Option where Value == Int {
    /// A whole number with a default.
    package static func integer(
        _ key: String, _ summary: String, _ range: ClosedRange<Int>, default number: Int, placeholder: String = "N"
    ) -> Option {
        Option(key, summary, .integer(range), placeholder, default: String(number)) { $0.last.integer ?? number }
    }

    /// A number of bytes with a default.
    package static func size(
        _ key: String, _ summary: String, _ range: ClosedRange<Int>, default bytes: Int
    ) -> Option {
        Option(key, summary, .size(range), "SIZE", default: SizeText.spell(bytes)) { $0.last.integer ?? bytes }
    }
}

extension Option where Value == Int? {
    /// A whole number, or a word that stands for none, such as `off`.
    package static func integer(
        _ key: String, _ summary: String, _ range: ClosedRange<Int>, or word: String, default text: String? = nil
    ) -> Option {
        Option(key, summary, .integer(range, word: word), "N|\(word)", default: text ?? word) { $0.last.integer }
    }

    /// A whole number that need not be given.
    package static func integer(_ key: String, _ summary: String, _ range: ClosedRange<Int>) -> Option {
        Option(key, summary, .integer(range), "N") { $0.last.integer }
    }

    /// A number of bytes that need not be given.
    package static func size(_ key: String, _ summary: String, _ range: ClosedRange<Int>) -> Option {
        Option(key, summary, .size(range), "SIZE") { $0.last.integer }
    }

    /// Bytes a second, or a word that stands for no limit.
    package static func byteRate(
        _ key: String, _ summary: String, _ range: ClosedRange<Int>, or word: String
    ) -> Option {
        Option(key, summary, .byteRate(range, word: word), "RATE", default: word) { $0.last.integer }
    }
}

extension Option where Value == Int {
    /// A count that may be written `50k`, with a default.
    package static func count(
        _ key: String, _ summary: String, _ range: ClosedRange<Int>, default number: Int
    ) -> Option {
        let rule = NumberText.Rule(Double(range.lowerBound)...Double(range.upperBound), isWhole: true)
        let text = NumberText.spell(Double(number), rule)
        return Option(key, summary, .number(rule), "N", default: text) { Int($0.last.number ?? Double(number)) }
    }
}

extension Option where Value == Double? {
    /// Events a second, such as `50k`, that need not be given.
    package static func rate(_ key: String, _ summary: String, _ range: ClosedRange<Double>) -> Option {
        Option(key, summary, .number(NumberText.Rule(range)), "RATE") { $0.last.number }
    }
}

extension Option where Value == Double? {
    /// A number that need not be given.
    package static func number(_ key: String, _ summary: String, _ range: ClosedRange<Double>) -> Option {
        Option(key, summary, .number(NumberText.Rule(range)), "N") { $0.last.number }
    }
}

extension Option where Value == Double {
    /// A part of a whole, written `5%` and read as 0.05, with a default.
    package static func percent(
        _ key: String, _ summary: String, _ range: ClosedRange<Double>, default percent: Double
    ) -> Option {
        let rule = NumberText.Rule(range, isPercent: true)
        return Option(key, summary, .number(rule), "N%", default: NumberText.spell(percent, rule)) {
            ($0.last.number ?? percent) / 100
        }
    }
}

extension Option where Value == Duration {
    /// A duration with a default.
    package static func duration(
        _ key: String, _ summary: String, default text: String, minimum: Duration = .zero,
        bareMilliseconds: Bool = false
    ) -> Option {
        let rule = DurationText.Rule(minimum: minimum, bareMilliseconds: bareMilliseconds)
        return Option(key, summary, .duration(rule), "DURATION", default: text) { $0.last.duration ?? .zero }
    }
}

extension Option where Value == Duration? {
    /// A duration that need not be given; `word`, where there is one, stands for none.
    package static func duration(
        _ key: String, _ summary: String, or word: String? = nil, default text: String? = nil,
        minimum: Duration = .zero
    ) -> Option {
        let placeholder = "DURATION" + (word.map { "|\($0)" } ?? "")
        let kind = ValueKind.duration(DurationText.Rule(minimum: minimum), word: word)
        return Option(key, summary, kind, placeholder, default: text ?? word) { $0.last.duration }
    }
}

extension Option where Value == String {
    /// A text that the command cannot do without.
    package static func required(_ key: String, _ summary: String, _ placeholder: String) -> Option {
        var option = Option(key, summary, .text, placeholder) { $0.last.text ?? "" }
        option.spec.isRequired = true
        return option
    }
}

extension Option where Value == String? {
    /// A text, or a path where `kind` says so, that need not be given.
    package static func text(
        _ key: String, _ summary: String, _ placeholder: String, _ kind: ValueKind = .text
    ) -> Option {
        Option(key, summary, kind, placeholder) { $0.last.text }
    }
}

extension Option where Value == [String] {
    /// A text that may be given any number of times.
    package static func list(
        _ key: String, _ summary: String, _ placeholder: String, _ kind: ValueKind = .text
    ) -> Option {
        var option = Option(key, summary, kind, placeholder) { $0.compactMap { value in Optional(value).text } }
        option.spec.isList = true
        return option
    }
}

extension Option where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enum.
    package static func choice(_ key: String, _ summary: String, default value: Value) -> Option {
        let words = Value.allCases.map(\.rawValue)
        return Option(key, summary, .choice(words), words.placeholder, default: value.rawValue) {
            $0.last.text.flatMap(Value.init(rawValue:)) ?? value
        }
    }
}

extension Option {
    /// One of the words of an enum, that need not be given.
    package static func choice<Word>(_ key: String, _ summary: String) -> Option
    where Value == Word?, Word: RawRepresentable<String> & CaseIterable {
        let words = Word.allCases.map(\.rawValue)
        return Option(key, summary, .choice(words), words.placeholder) { $0.last.text.flatMap(Word.init(rawValue:)) }
    }

    /// Words of an enum, any number of them, none twice.
    package static func choices<Word>(
        _ key: String, _ summary: String, _ placeholder: String, default words: [Word]
    ) -> Option where Value == [Word], Word: RawRepresentable<String> & CaseIterable & Equatable {
        let text = words.map(\.rawValue).joined(separator: ",")
        let kind = ValueKind.choice(Word.allCases.map(\.rawValue))
        var option = Option(key, summary, kind, placeholder, default: text.isEmpty ? nil : text) { values in
            values.reduce(into: [Word]()) { list, value in
                if let word = Optional(value).text.flatMap(Word.init(rawValue:)), !list.contains(word) {
                    list.append(word)
                }
            }
        }
        option.spec.isList = true
        return option
    }
}

extension Option where Value == ListenAddress? {
    /// An address to listen on that need not be given.
    package static func address(_ key: String, _ summary: String, portAlone: Bool) -> Option {
        Option(key, summary, .listenAddress(portAlone: portAlone), portAlone ? "[HOST:]PORT" : "HOST:PORT") {
            guard case .address(let address)? = $0.last else { return nil }
            return address
        }
    }
}

extension Option where Value == [ListenPlacement] {
    /// Placements of profiles, any number of them.
    package static func placements(_ key: String, _ summary: String, profiles: [String]) -> Option {
        var option = Option(key, summary, .placement(profiles: profiles), "PROFILE=HOST:PORT") { values in
            values.compactMap { value in
                guard case .placement(let placement) = value else { return nil }
                return placement
            }
        }
        option.spec.isList = true
        return option
    }
}

extension [String] {
    /// The placeholder of a choice: its words.
    fileprivate var placeholder: String { joined(separator: "|") }
}

extension OptionValue? {
    fileprivate var integer: Int? { if case .integer(let number)? = self { number } else { nil } }
    fileprivate var number: Double? { if case .number(let number)? = self { number } else { nil } }
    fileprivate var duration: Duration? { if case .duration(let duration)? = self { duration } else { nil } }
    fileprivate var text: String? { if case .text(let text)? = self { text } else { nil } }
}

extension [OptionSpec] {
    /// The same options under one heading.
    package func under(_ category: String) -> [OptionSpec] { changed { $0.category = category } }

    /// The same options as keys of the configuration file and the environment.
    package func asKeys() -> [OptionSpec] { changed { $0.isKey = true } }

    private func changed(_ change: (inout OptionSpec) -> Void) -> [OptionSpec] {
        var copy = self
        for index in copy.indices { change(&copy[index]) }
        return copy
    }
}
