/// How much of a topic is kept for those who come back.
package struct HistoryPolicy: Equatable, Sendable {
    /// How many messages; at least 1.
    package var countMax: Int
    /// For how long each.
    package var life: Duration

    /// Keeps some messages.
    ///
    /// - Returns: `nil` where `countMax` is 0: nothing is kept.
    package init?(countMax: Int, life: Duration) {
        guard countMax > 0, life > .zero else { return nil }
        self.countMax = countMax
        self.life = life
    }
}
