import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// A listener on loopback whose sockets one thread reads; what comes of that is a scripted server's.
final class ScriptedListener: Sendable {
    /// What happens on the thread.
    enum Event {
        case opened(Int32)
        case received(Int32, [UInt8])
        /// The peer is gone, or the socket was closed here before.
        case ended(Int32)
        /// All that was ready has been read.
        case turned(Instant)
    }

    private let address: SocketAddress
    private let listener: Listener
    private let isStopping = Atomic<Bool>(false)

    init() throws {
        // A client that is gone must not end the tests.
        Signals.ignoreBrokenPipes()
        listener = try Listener(.loopback(port: 0))
        address = listener.address
    }

    func endpoint(_ target: String) -> Endpoint {
        Endpoint(address: .host(address.host, port: address.port ?? 0), target: target)
    }

    /// Ends the thread at its next turn.
    func stop() { isStopping.store(true, ordering: .releasing) }

    /// Tells of everything until ``stop()``; whoever is told closes the sockets.
    ///
    /// - Parameter pause: How long a turn lasts at most.
    func serve(every pause: Duration = .milliseconds(20), _ handle: (Event) -> Void) {
        // A machine without descriptors fails the test by its silence.
        guard var poller = try? Poller(), (try? poller.add(listener.descriptor, token: 0, .readable)) != nil else {
            return
        }
        while !isStopping.load(ordering: .acquiring) {
            let now = SystemClock.now()
            // A failed wait is the end of the server, and of the test by the server's silence.
            guard let ready = try? poller.wait(until: now + pause, now: now) else { return }
            for position in 0..<ready {
                let token = Int32(poller.token(at: position))
                if token == 0 { accept(poller, handle) } else { handle(read(token)) }
            }
            handle(.turned(SystemClock.now()))
        }
    }

    /// Keeps something for each socket; whoever takes one out of the peers closes it.
    func serve<Peer>(_ makePeer: () -> Peer, _ read: ([UInt8], Int32, inout [Int32: Peer]) -> Void) {
        var peers: [Int32: Peer] = [:]
        serve { event in
            switch event {
            case .opened(let descriptor): peers[descriptor] = makePeer()
            case .received(let descriptor, let bytes): read(bytes, descriptor, &peers)
            case .ended(let descriptor):
                if peers.removeValue(forKey: descriptor) != nil { Descriptor.close(descriptor) }
            case .turned: break
            }
        }
        for descriptor in peers.keys { Descriptor.close(descriptor) }
    }

    private func accept(_ poller: borrowing Poller, _ handle: (Event) -> Void) {
        while case .accepted(let descriptor, _) = listener.accept() {
            handle(.opened(descriptor))
            Socket.setNoDelay(descriptor)
            // A socket that cannot be watched is never answered, which its client notices.
            try? poller.add(descriptor, token: UInt64(descriptor), .readable)
        }
    }

    private func read(_ descriptor: Int32) -> Event {
        var input = [UInt8](repeating: 0, count: 1 << 20)
        guard case .received(let count) = Socket.receive(descriptor, into: &input) else { return .ended(descriptor) }
        return .received(descriptor, Array(input[..<count]))
    }
}
