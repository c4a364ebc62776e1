package import SessionCodec

/// Searches a stream of messages for those that a person expects (PROTOCOLS §1.11, `--expect-json`).
///
/// Every pattern must be matched by a message of its own, in any order: servers push what nobody asked for in between, so
/// "the next message" would be a matter of luck. What matched nothing is kept for the failure, up to a bound.
package struct MessageExpectation: Sendable {
    /// One thing that is expected.
    private struct Wanted: Sendable {
        var pattern: JSONValue
        var isMet = false
    }

    private var wanted: [Wanted]
    private let elements: JSONValue.ElementRule
    /// The messages that matched nothing, oldest first; at most ``skippedMax``.
    package private(set) var skipped: [[UInt8]] = []
    /// How many messages matched nothing.
    package private(set) var skippedCount = 0

    /// More skipped messages than a person reads.
    package static let skippedMax = 50

    /// Expects one message for each pattern.
    ///
    /// - Parameter elements: How arrays are compared.
    package init(_ patterns: [JSONValue], elements: JSONValue.ElementRule = .all) {
        wanted = patterns.map { Wanted(pattern: $0) }
        self.elements = elements
    }

    /// Whether everything expected has come.
    package var isMet: Bool { wanted.allSatisfy(\.isMet) }

    /// What a message was.
    package enum ReceiveAction: Equatable, Sendable {
        /// Something expected.
        case matched
        /// Nothing expected.
        case skipped
    }

    /// Compares a message with what is still expected: by structure, additional fields allowed.
    @discardableResult
    package mutating func receive(_ message: Span<UInt8>) -> ReceiveAction {
        // What is no JSON matches no pattern; the error would say no more than that.
        if let value = try? JSONValue.parse(message),
            let index = wanted.firstIndex(where: {
                !$0.isMet && value.matches(pattern: $0.pattern, elements: elements)
            })
        {
            wanted[index].isMet = true
            return .matched
        }
        skippedCount += 1
        if skipped.count == Self.skippedMax { skipped.removeFirst() }
        skipped.append((0..<message.count).map { message[$0] })
        return .skipped
    }

    /// Describes what did not come: each pattern, the messages skipped, and the one that came nearest with its differences.
    ///
    /// - Returns: Lines without colour and without escaping; empty where nothing is missing.
    package var failure: [String] {
        guard !isMet else { return [] }
        var lines: [String] = []
        for entry in wanted where !entry.isMet {
            lines.append("expected  \(entry.pattern.text())")
            if let (message, differences) = nearest(to: entry.pattern) {
                lines.append("nearest   \(message)")
                lines += differences.map { "          \($0)" }
            }
        }
        let rest = skippedCount - skipped.count
        if rest > 0 { lines.append("skipped   \(rest) earlier messages") }
        lines += skipped.map { "skipped   \(String(decoding: $0, as: UTF8.self))" }
        if skippedCount == 0 { lines.append("no message was received in that time") }
        return lines
    }

    /// The skipped message with the fewest differences from `pattern`; a later one wins among equals.
    private func nearest(to pattern: JSONValue) -> (message: String, differences: [String])? {
        var best: (message: String, differences: [String])?
        for message in skipped {
            guard let value = try? JSONValue.parse(message.span) else { continue }
            let differences = PatternDifference.between(value, and: pattern, elements: elements)
            // A message that has nothing in common with the pattern is near nothing.
            guard differences.count < PatternDifference.leafCount(of: pattern) else { continue }
            if differences.count <= best?.differences.count ?? .max {
                best = (String(decoding: message, as: UTF8.self), differences.map(\.description))
            }
        }
        return best
    }
}
