import SessionBase
package import SessionCodec
package import SessionIO
internal import Synchronization

/// An echo server on loopback that does nothing at all for a while, again and again by the clock.
///
/// Its stalls begin with the first message, so that handshakes are never among them; from then on it sleeps from
/// k · ``period`` for ``stall``, and serves in between. It has its own thread, which runs ``serve()`` until ``stop()``.
package final class StallingServer: Sendable {
    /// How often it stalls.
    package let period: Duration
    /// How long.
    package let stall: Duration
    private let listener: Listener
    private let waker: Waker
    private let isStopping = Atomic<Bool>(false)

    /// Listens on a free port of 127.0.0.1.
    package init(period: Duration, stall: Duration) throws(SystemError) {
        self.period = period
        self.stall = stall
        listener = try Listener(.loopback(port: 0))
        waker = try Waker()
    }

    /// Where it is.
    package var endpoint: Endpoint {
        Endpoint(address: .host(listener.address.host, port: listener.address.port ?? 0))
    }

    /// Ends ``serve()`` at once, from any thread.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        waker.wake()
    }

    /// Serves until it is stopped; blocks its thread.
    package func serve() throws(SystemError) {
        var loop = try StallingLoop(listener: listener.descriptor, waker: waker.descriptor)
        var next: Instant?
        while !isStopping.load(ordering: .acquiring) {
            let now = SystemClock.now()
            if let start = next, now >= start {
                try loop.sleep(until: start + stall)
                next = start + period
                continue
            }
            try loop.serve(until: next) { self.listener.accept() }
            if next == nil, loop.hasHeard { next = SystemClock.now() }
        }
    }
}

/// The sockets of a ``StallingServer`` and what waits for them.
private struct StallingLoop: ~Copyable {
    /// Far more than a selftest sends.
    private static let messageBytesMax = 1 << 20

    /// One client.
    private struct Peer {
        var connection = Connection(
            role: .server, limits: ConnectionLimits(messageBytesMax: StallingLoop.messageBytesMax))
        /// What the socket has not taken yet.
        var output: [UInt8] = []
        /// Whether the poller tells when it takes more.
        var isWaiting = false
    }

    private var poller: Poller
    /// Watches nothing but the waker, so that no client ends a sleep.
    private var bed: Poller
    private let listener: Int32
    private let waker: Int32
    private var peers: [Int32: Peer] = [:]
    private var input = [UInt8](repeating: 0, count: 65_536)
    /// Whether any message has come.
    private(set) var hasHeard = false

    init(listener: Int32, waker: Int32) throws(SystemError) {
        let poller = try Poller()
        let bed = try Poller()
        try poller.add(listener, token: UInt64(listener), .readable)
        try poller.add(waker, token: UInt64(waker), .readable)
        try bed.add(waker, token: UInt64(waker), .readable)
        self.poller = poller
        self.bed = bed
        self.listener = listener
        self.waker = waker
    }

    deinit { for descriptor in peers.keys { Descriptor.close(descriptor) } }

    /// Does nothing until a time, or until the server is stopped.
    mutating func sleep(until end: Instant) throws(SystemError) {
        while true {
            let now = SystemClock.now()
            guard now < end else { return }
            guard try bed.wait(until: end, now: now) == 0 else { return }
        }
    }

    /// Waits for one turn's events and answers them.
    mutating func serve(until deadline: Instant?, accept: () -> AcceptResult) throws(SystemError) {
        let count = try poller.wait(until: deadline, now: SystemClock.now())
        for index in 0..<count {
            let descriptor = Int32(truncatingIfNeeded: poller.token(at: index))
            if descriptor == waker { return }
            if descriptor == listener {
                while case .accepted(let descriptor, _) = accept() { try adopt(descriptor) }
                continue
            }
            if poller.readiness(at: index).isReadable { read(descriptor) }
            try flush(descriptor)
        }
    }

    private mutating func adopt(_ descriptor: Int32) throws(SystemError) {
        peers[descriptor] = Peer()
        Socket.setNoDelay(descriptor)
        try poller.add(descriptor, token: UInt64(descriptor), .readable)
    }

    /// Reads what is there, once, and prepares the answers.
    private mutating func read(_ descriptor: Int32) {
        guard var peer = peers.removeValue(forKey: descriptor) else { return }
        switch Socket.receive(descriptor, into: &input) {
        case .received(let count): answer(count, &peer)
        case .wouldBlock: break
        case .ended, .failed: return Descriptor.close(descriptor)
        }
        peers[descriptor] = peer
    }

    private mutating func answer(_ count: Int, _ peer: inout Peer) {
        var cursor = 0
        while true {
            var all = input.mutableSpan
            var received = all._mutatingExtracting(first: count)
            let event = peer.connection.receive(&received, from: &cursor, output: &peer.output)
            switch event {
            case .upgrade:
                peer.connection.accept(Acceptance(messageBytesMax: Self.messageBytesMax), output: &peer.output)
            case .request: peer.connection.respond(HTTPResponse(status: .notFound), output: &peer.output)
            case .message(let kind, .input(let range)):
                hasHeard = true
                peer.connection.send(kind, input.span.extracting(range), output: &peer.output)
            case .message(let kind, _):
                hasHeard = true
                let message = peer.connection.assembled
                peer.connection.send(kind, message.span, output: &peer.output)
            case .ping, .pong, .opened, .response: continue
            case .needsInput, .closeReceived, .failed: return
            }
        }
    }

    /// Sends what waits; closes a connection that is over.
    private mutating func flush(_ descriptor: Int32) throws(SystemError) {
        guard var peer = peers.removeValue(forKey: descriptor) else { return }
        if !peer.output.isEmpty {
            switch Socket.send(descriptor, peer.output.span) {
            case .sent(let count): peer.output.removeFirst(count)
            case .wouldBlock: break
            case .failed: return Descriptor.close(descriptor)
            }
        }
        let isWaiting = !peer.output.isEmpty
        if peer.connection.isFinished, !isWaiting { return Descriptor.close(descriptor) }
        if isWaiting != peer.isWaiting {
            try poller.modify(
                descriptor, token: UInt64(descriptor), isWaiting ? [.readable, .writable] : .readable)
            peer.isWaiting = isWaiting
        }
        peers[descriptor] = peer
    }
}
