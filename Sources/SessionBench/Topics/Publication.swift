import SessionBase

/// What a publication says of itself: whose it is, the how manieth of its publisher in its topic, and its times.
struct Publication: Equatable {
    /// The publisher's number in the whole run.
    var publisher: Int
    /// The topic's number in the whole run.
    var topic: Int
    /// Counted from 1 for each publisher and topic.
    var number: UInt64
    /// When it was to leave, and when it left.
    var intended: Instant
    var sent: Instant
    /// How many the publisher's publications in this topic were, where this is the last; `nil` for all others.
    var accepted: UInt64?

    /// Its times as a request's.
    var flight: Flight { Flight(intended: intended, sent: sent) }

    /// Whether another text is the same publication.
    @inline(__always)
    func isSame(as other: Publication) -> Bool { number == other.number && publisher == other.publisher }
}

/// The text by which publications are known, wherever a server puts it into its frames:
///
///     RRRRRRRR KKKKKKKK PPPPPPPP TTTTTTTT NNNNNNNNNNNNNNNN IIIIIIIIIIIIIIII SSSSSSSSSSSSSSSS fill…
///     run      last?    publisher topic   number           planned, ns      sent, ns         (without the spaces)
///
/// The run's letters are the same in all workers. Times are those of the clock that all processes of a machine share,
/// modulo 10¹⁶ ns, which is 115 days. The last publication of a publisher in a topic has the number of all in place of the
/// planned time.
struct PublicationText {
    /// How many characters it has, without filling.
    static let count = 80
    private static let isLast: UInt64 = 1
    /// What times are counted modulo.
    private static let cycle: UInt64 = 10_000_000_000_000_000

    /// The run's eight letters, which stand nowhere else in a frame.
    let letters: String
    private let mark: UInt64
    /// Where the text stood in the last frame: all frames of a kind are alike up to there.
    private var usualPlace = 0

    /// Takes the run's letters from its seed.
    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let word = random.next()
        let bytes = (0..<8).map { UInt8(ascii: "A") + UInt8(truncatingIfNeeded: word >> ($0 * 8) & 15) }
        letters = String(decoding: bytes, as: UTF8.self)
        mark = bytes.span.word(at: 0)
    }

    /// The run's letters as names of channels have them.
    var name: String { letters.lowercased() }

    /// The text with placeholders for ``RequestTemplate``.
    ///
    /// - Parameter isLast: Whether it is the last publication's.
    func template(isLast: Bool) -> String {
        let slots = RequestTemplate.Slot.self
        return "\(letters)\(isLast ? "00000001" : "00000000")\(slots.device.placeholder)\(slots.target.placeholder)"
            + "\(slots.mark.placeholder)\(slots.planned.placeholder)\(slots.sent.placeholder)"
    }

    /// A time as the text has it.
    static func digits(_ instant: Instant) -> UInt64 { UInt64(bitPattern: instant.nanoseconds) % cycle }

    /// Finds the text in a message.
    ///
    /// - Returns: `nil` where there is none.
    @inline(__always)
    mutating func read(_ message: Span<UInt8>, at now: Instant) -> Publication? {
        guard message.count >= Self.count else { return nil }
        guard let place = place(in: message) else { return nil }
        usualPlace = place
        return Self.publication(message, at: place, now)
    }

    @inline(__always)
    private func place(in message: Span<UInt8>) -> Int? {
        let last = message.count - Self.count
        if usualPlace <= last, message.word(at: usualPlace) == mark { return usualPlace }
        return (0...last).first { message.word(at: $0) == mark }
    }

    @inline(__always)
    private static func publication(_ message: Span<UInt8>, at place: Int, _ now: Instant) -> Publication? {
        var words: InlineArray<9, UInt64> = .init(repeating: 0)
        for index in 0..<9 {
            guard let number = DigitWord.read(message.word(at: place + 8 + 8 * index)) else { return nil }
            words[index] = number
        }
        let planned = words[5] * DigitWord.limit + words[6]
        let isLast = words[0] == isLast
        return Publication(
            publisher: Int(words[1]), topic: Int(words[2]), number: words[3] * DigitWord.limit + words[4],
            intended: isLast ? now : instant(planned, now), sent: instant(words[7] * DigitWord.limit + words[8], now),
            accepted: isLast ? planned : nil)
    }

    /// The time with these digits that is nearest before now.
    @inline(__always)
    private static func instant(_ digits: UInt64, _ now: Instant) -> Instant {
        let age = (self.digits(now) + cycle - digits) % cycle
        return now - .nanoseconds(Int64(age))
    }
}
