import SessionBase

/// What happened in a run: a hash over all of it, to compare two runs, and the last lines, to read after a failure.
package struct Transcript: Sendable {
    private static let linesMax = 60

    /// FNV-1a over every line so far.
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private var lines: [String] = []

    /// The last lines, oldest first.
    package var tail: [String] { lines.suffix(Self.linesMax) }

    /// Notes what happened.
    mutating func note(_ instant: Instant, _ line: String) {
        let text = "\(instant.nanoseconds / 1_000_000) ms  \(line)"
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        lines.append(text)
        if lines.count > 4 * Self.linesMax { lines.removeFirst(lines.count - Self.linesMax) }
    }
}

/// A rule that did not hold.
package struct SimulationFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which one, and where.
    package var description: String

    init(_ description: String) { self.description = description }
}
