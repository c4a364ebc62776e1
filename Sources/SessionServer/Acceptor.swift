import SessionBase
import SessionIO

/// What loop 0 knows about accepting: whose turn it is, and what to do when descriptors run out (PROTOCOLS C9).
struct Acceptor {
    private var nextLoop = 0
    /// A descriptor that is given up when there is no other; any kind will do.
    private var reserve = try? Waker()
    /// While set, the listeners are not watched: there was not even a descriptor to refuse with.
    var resumesAt: Instant?
    /// Whether the log was told that descriptors ran out; told once a shortage.
    var isShortageLogged = false

    /// How long the listeners rest when there is no descriptor to refuse with.
    static let rest: Duration = .milliseconds(100)

    /// Chooses the loop for the next socket: each in its turn, which spreads long-lived connections evenly.
    mutating func chooseLoop(of count: Int) -> Int {
        defer { nextLoop = (nextLoop + 1) % count }
        return nextLoop
    }

    /// Gives the reserved descriptor up to accept one connection and tell it that the server is full.
    ///
    /// - Returns: Whether there was a reserved descriptor.
    mutating func refuseOne(_ listener: borrowing Listener) -> Bool {
        guard reserve != nil else { return false }
        reserve = nil
        if case .accepted(let descriptor, _) = listener.accept() { Self.refuse(descriptor) }
        descriptorFreed()
        return true
    }

    private static func refuse(_ descriptor: CInt) {
        var request = [UInt8](repeating: 0, count: 16 * 1024)
        _ = Socket.receive(descriptor, into: &request)
        let body = #"{"error":"NODE_FULL","message":"no descriptors left; try again later"}"#
        let response =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body
        _ = Socket.send(descriptor, Array(response.utf8).span)
        Socket.shutdownWrite(descriptor)
        Descriptor.close(descriptor)
    }

    /// Tries to get the reserve back after a descriptor was closed.
    mutating func descriptorFreed() {
        // Where there is none even now, the next shortage makes the listeners rest instead.
        if reserve == nil { reserve = try? Waker() }
    }
}
