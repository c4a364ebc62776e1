import SessionCodec
package import SessionCore
import SessionCrypto
import SessionIO

/// The store that several servers share: a Redis server, or one that speaks its protocol (PROTOCOLS 1-32).
///
/// One thread with some connections: everything that waits for one goes out in one write, and each request is one script, so
/// that nothing comes in between. While Redis is down, calls wait; what was sent and not answered is sent again, and a write
/// that had happened is recognised by its version and content.
///
/// What `written` promises here is what Redis was configured for: with `appendonly yes` and `appendfsync always` it
/// survives a power cut; with `everysec` up to about a second of acknowledged writes is lost with the machine, and with
/// neither, everything since the last snapshot. `maxmemory-policy` must be `noeviction`.
package final class RedisEngine: StorageEngine {
    /// What can be changed for tests.
    package struct Options: Equatable, Sendable {
        /// How many calls wait while Redis is down; more are `unavailable`.
        package var waitingMax = 10_000
        /// How long a call waits for Redis; then it is `unavailable`.
        package var patience = Duration.seconds(30)
        /// How long Redis may take to answer, to accept a connection, and to greet.
        package var replyTimeout = Duration.seconds(5)
        /// The longest pause between two attempts to connect; the first one is a twentieth of it.
        package var pauseMax = Duration.seconds(1)
        /// How many connections there are.
        package var connections = 32

        /// The usual choice.
        package init() {}
    }

    private let shared: RedisShared
    private let worker: RedisWorker

    /// Prepares to speak to a server; nothing is sent yet.
    ///
    /// - Throws: ``StorageError`` where TLS cannot be set up. A server that does not answer is waited for.
    package init(_ address: RedisAddress, _ options: Options = Options()) throws(StorageError) {
        let place = address.publicDescription
        shared = try RedisShared(waitingMax: options.waitingMax, health: .down("connecting to \(place)"))
        worker = try RedisWorker(address, try Self.tls(address), shared, options)
    }

    package func start(
        _ sink: @escaping @Sendable (_ asker: Int, _ answers: [StoreAnswer]) -> Void
    ) throws(StorageError) {
        shared.open(sink)
        try shared.thread.start("store-redis", worker.run)
    }

    package func submit(_ calls: [StoreCall], from asker: Int) { shared.submit(calls, from: asker) }

    package func stop() {
        guard shared.close() else { return }
        shared.queue.post(.stop)
        shared.thread.join()
    }

    package var health: StorageHealth { shared.health }

    package var figures: StorageFigures {
        var figures = StorageFigures()
        figures.redis = shared.figures
        return figures
    }

    /// What secures connections to an address; `nil` where they are plain.
    static func tls(_ address: RedisAddress) throws(StorageError) -> TLSContext? {
        guard address.isSecure else { return nil }
        do {
            if address.isVerificationOff { return try TLSContext(clientTrusting: .anybody) }
            guard let path = address.authoritiesPath else { return try TLSContext(clientTrusting: .system) }
            return try TLSContext(clientTrusting: .authorities(try Files.read(path, bytesMax: 1 << 20)))
        } catch {
            throw StorageError("TLS to \(address.publicDescription) cannot be set up: \(error)")
        }
    }
}
