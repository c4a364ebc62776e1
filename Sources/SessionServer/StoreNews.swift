package import SessionBase
package import SessionStorage

/// What an operator is told of the store: that it fails, and that it works again.
///
/// A store that fails now and then, as on a disk that takes some writes and not others, is told of once a minute.
package struct StoreNews: Sendable {
    /// One line of the log.
    package enum Line: Equatable, Sendable {
        /// It cannot be used, for this reason.
        case fails(String)
        /// It can be used again.
        case works
    }

    /// How long it is silent about a store that fails again.
    package static let silence = Duration.seconds(60)

    private var toldAt: Instant?
    private var isFailing = false

    /// The store works.
    package init() {}

    /// Takes how the store is now.
    ///
    /// - Returns: What is worth a line.
    package mutating func note(_ health: StorageHealth, at now: Instant) -> Line? {
        switch health {
        case .up:
            guard isFailing else { return nil }
            isFailing = false
            return .works
        case .down(let reason):
            if isFailing { return nil }
            if let toldAt, now - toldAt < Self.silence { return nil }
            (isFailing, toldAt) = (true, now)
            return .fails(reason)
        }
    }
}
