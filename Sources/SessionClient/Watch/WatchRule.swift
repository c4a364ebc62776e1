package import SessionBase
import SessionCodec

/// When a script that tells news has told enough: a ``StopRule`` in the words of ``WatchAction``.
package struct WatchRule: Sendable {
    private var rule: StopRule

    /// Starts with nothing told.
    package init(_ conditions: StopRule.Conditions) { rule = StopRule(conditions) }

    /// When ``tick(at:)`` must be called.
    package var deadline: Instant? { rule.deadline }

    /// Records that what is watched for can come from now on; later calls change nothing but the time that expectations
    /// count from.
    package mutating func began(at now: Instant) { rule.opened(at: now) }

    /// Tells something, and leaves where it was the last that was wanted.
    ///
    /// - Parameter isInitial: Whether it says how things were to begin with, which breaks no silence.
    package mutating func tell(_ news: WatchNews, isInitial: Bool = false, at now: Instant) -> [WatchAction] {
        let text = Array(news.value.text().utf8)
        return [.tell(news)] + Self.actions(rule.received(text.span, isInitial: isInitial, at: now))
    }

    /// Leaves for the script's own reason: success is failure where something that was wanted was not told.
    package func leave(_ verdict: Verdict, explanation: [String] = []) -> [WatchAction] {
        Self.actions(rule.judged(verdict, explanation: explanation))
    }

    /// Tells the last thing, and leaves.
    package mutating func conclude(
        _ news: WatchNews, _ verdict: Verdict, explanation: [String] = [], at now: Instant
    ) -> [WatchAction] {
        let told = tell(news, at: now)
        if case .leave? = told.last { return told }
        return told + leave(verdict, explanation: explanation)
    }

    /// Leaves with what the end of the connection means.
    package mutating func ended(_ end: ClientEnd) -> [WatchAction] { Self.actions(rule.ended(end)) }

    /// Does what is due.
    package mutating func tick(at now: Instant) -> [WatchAction] { Self.actions(rule.tick(at: now)) }

    private static func actions(_ action: StopRule.Action) -> [WatchAction] {
        guard case .leave(let verdict, let explanation) = action else { return [] }
        return [.leave(verdict, explanation: explanation)]
    }
}
