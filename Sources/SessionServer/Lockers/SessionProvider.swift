import SessionBase
import Synchronization

/// What a provider says of a session.
enum SessionAnswer: Equatable, Sendable {
    /// It exists; whether it has ended is not looked at.
    case found(LockerSession)
    /// There is none of this id.
    case unknown
    /// Nobody can say now.
    case unavailable
}

/// Knows sessions by their ids.
protocol SessionProvider: Sendable {
    /// Looks for a session.
    ///
    /// - Parameters:
    ///   - id: What the peer showed; goes nowhere but to whoever keeps the sessions.
    ///   - name: The hash that stands for it.
    ///   - then: Called once, on any thread, perhaps before this returns.
    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void)

    /// Whether it could say nothing when it was asked last.
    var isDegraded: Bool { get }

    /// Answers no more; what is under way is answered with ``SessionAnswer/unavailable``.
    func stop()
}

/// Whether those who keep sessions could be asked when that was tried last; what is remembered says nothing about that.
final class SessionHealth: Sendable {
    private let isDown = Atomic<Bool>(false)

    /// Whether they could not.
    var isDegraded: Bool { isDown.load(ordering: .relaxed) }

    /// Records what they said.
    func note(_ answer: SessionAnswer) { isDown.store(answer == .unavailable, ordering: .relaxed) }
}
