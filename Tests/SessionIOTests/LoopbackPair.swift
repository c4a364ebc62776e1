import SessionBase
import SessionIO
import Testing

/// Both ends of a connection over a listener of its own.
struct LoopbackPair: ~Copyable {
    let client: OwnedDescriptor
    let server: OwnedDescriptor

    init(at address: SocketAddress = .loopback(port: 0)) throws {
        let listener = try Listener(address)
        let client = try Socket.connect(to: listener.address)
        let server = try acceptOne(listener)
        self.client = client
        self.server = server
    }

    /// What has arrived at the accepting end; `nil` at the end of the stream.
    mutating func receiveAtServer() throws -> [UInt8]? { try receiveOnce(server.rawValue) }

    /// What has arrived at the connecting end; `nil` at the end of the stream.
    mutating func receiveAtClient() throws -> [UInt8]? { try receiveOnce(client.rawValue) }
}

/// Waits for bytes and returns them; `nil` at the end of the stream.
func receiveOnce(_ descriptor: Int32) throws -> [UInt8]? {
    try waitUntil(descriptor, .readable)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    switch Socket.receive(descriptor, into: &buffer) {
    case .received(let count): return Array(buffer[..<count])
    case .ended: return nil
    case .wouldBlock: throw SystemError(code: 11, operation: "receive")
    case .failed(let code): throw SystemError(code: code, operation: "receive")
    }
}

/// Waits until a descriptor is ready, at most five seconds.
func waitUntil(_ descriptor: Int32, _ interest: Poller.Interest) throws {
    var poller = try Poller()
    try poller.add(descriptor, token: 1, interest)
    let now = SystemClock.now()
    try #require(try poller.wait(until: now + .seconds(5), now: now) == 1, "nothing happened within five seconds")
}

/// Takes the first connection out of a listener's queue.
func acceptOne(_ listener: borrowing Listener) throws -> OwnedDescriptor {
    try waitUntil(listener.descriptor, .readable)
    guard case .accepted(let descriptor, _) = listener.accept() else {
        throw SystemError(code: 11, operation: "accept on", context: "\(listener.address)")
    }
    return OwnedDescriptor(adopting: descriptor)
}

/// An address where nobody listens, because its listener has just ended.
func unusedAddress() throws -> SocketAddress {
    let listener = try Listener(.loopback(port: 0))
    return listener.address
}
