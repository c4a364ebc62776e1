import SessionBase
package import SessionClient
import SessionIO

/// The HTTP service behind boards, for all loops: takes calls from any thread, and brings replies back (PROTOCOLS §5.4).
///
/// One thread with a small event loop of its own carries them out, in the order in which they come, up to 32 at a time,
/// on connections that are kept. Nothing is tried again here but what a kept connection lost when the backend ended it:
/// whoever asks decides when to ask again. That a room has one request under way at most is its machine's duty.
package final class BoardBackend: Sendable {
    /// Gets the replies to one loop's calls, on the backend's thread.
    package typealias Sink = @Sendable (_ loop: Int, _ answers: [BackendAnswer]) -> Void
    /// Hears of changes, on the backend's thread.
    package typealias Listener = @Sendable (BackendNews) -> Void

    private let shared: BackendShared
    private let worker: BackendWorker
    private let resolve: Client.Resolve?

    /// Prepares to speak to a backend; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - resolve: Looks names up in place of the system's resolver.
    ///   - listener: Hears when the backend is lost, found, or refuses.
    /// - Throws: ``StorageError`` where TLS cannot be set up, or the secret can sign nothing.
    package init(
        _ configuration: BoardBackendConfiguration, resolve: Client.Resolve? = nil, listener: @escaping Listener
    ) throws(StorageError) {
        shared = try BackendShared()
        worker = try BackendWorker(try BackendSite(configuration, resolve), shared, listener)
        self.resolve = resolve
    }

    /// Starts to work; every reply goes to `sink`.
    package func start(_ sink: @escaping Sink) throws(StorageError) {
        shared.open(sink)
        try shared.thread.start("board-backend", worker.run)
    }

    /// Hands in calls; returns at once.
    package func submit(_ calls: [BackendCall], from loop: Int) { shared.submit(calls, from: loop) }

    /// Puts another configuration in force, for what is begun from now on.
    ///
    /// - Throws: ``StorageError`` as ``init(_:resolve:listener:)``; the old one stays in force then.
    package func reload(_ configuration: BoardBackendConfiguration) throws(StorageError) {
        shared.queue.post(.reload(try BackendSite(configuration, resolve)))
    }

    /// Carries out what was submitted, for as long as `patience` lasts, and ends the thread; the rest is `unavailable`.
    package func stop(patience: Duration = .seconds(1)) {
        guard shared.close() else { return }
        shared.queue.post(.stop(SystemClock.now() + patience))
        shared.thread.join()
    }

    /// What it says of itself at `/metrics`.
    package var figures: BackendFigures { shared.figures }
}
