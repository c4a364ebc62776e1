import SessionBase
import SessionIO
import Testing

@Suite struct LoopbackTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func `bytes travel from a client to an accepted connection and back`(place: String) throws {
        var pair = try LoopbackPair(at: #require(SocketAddress(place)))
        #expect(Socket.send(pair.client.rawValue, Array("hello".utf8).span) == .sent(5))
        #expect(try pair.receiveAtServer() == Array("hello".utf8))
        #expect(Socket.send(pair.server.rawValue, Array("world!".utf8).span) == .sent(6))
        #expect(try pair.receiveAtClient() == Array("world!".utf8))
    }

    @Test func `two pieces arrive next to each other`() throws {
        var pair = try LoopbackPair()
        let first = Array("head ".utf8)
        let second = Array("body".utf8)
        let result = first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in Socket.send(pair.client.rawValue, first, second) }
        }
        #expect(result == .sent(9))
        #expect(try pair.receiveAtServer() == Array("head body".utf8))
    }

    @Test func `a half-closed connection ends the reader and still carries the answer`() throws {
        var pair = try LoopbackPair()
        Socket.shutdownWrite(pair.client.rawValue)
        #expect(try pair.receiveAtServer() == nil)
        #expect(Socket.send(pair.server.rawValue, Array("late".utf8).span) == .sent(4))
        #expect(try pair.receiveAtClient() == Array("late".utf8))
    }

    @Test func `a full kernel buffer refuses without waiting, and the queue is visible`() throws {
        let pair = try LoopbackPair()
        let block = [UInt8](repeating: 7, count: 65_536)
        var total = 0
        while case .sent(let count) = Socket.send(pair.client.rawValue, block.span) { total += count }
        #expect(total > 0)
        #expect(Socket.send(pair.client.rawValue, block.span) == .wouldBlock)
        #expect(Socket.unacknowledgedBytes(pair.client.rawValue) > 0)
        #expect(Socket.readableBytes(pair.server.rawValue) > 0)
    }

    @Test func `an empty connection has nothing to receive`() throws {
        let pair = try LoopbackPair()
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(Socket.receive(pair.server.rawValue, into: &buffer) == .wouldBlock)
    }

    @Test func `a connection nobody accepts is refused with a sentence`() throws {
        let address = try unusedAddress()
        let client = try Socket.connect(to: address)
        try waitUntil(client.rawValue, .writable)
        let error = SystemError(
            code: Socket.takeError(client.rawValue), operation: "connect to", context: address.description)
        #expect(error.isUnreachable)
        #expect("\(error)" == "cannot connect to \(address): Connection refused (ECONNREFUSED)")
    }

    @Test func `a reset is a failure that names its reason`() throws {
        let listener = try Listener(.loopback(port: 0))
        let client = try Socket.connect(to: listener.address)
        let server = try acceptOne(listener)
        Socket.resetOnClose(client.rawValue)
        Descriptor.close(client.release())
        try waitUntil(server.rawValue, .readable)
        var buffer = [UInt8](repeating: 0, count: 16)
        guard case .failed(let code) = Socket.receive(server.rawValue, into: &buffer) else {
            Issue.record("the reset went unnoticed")
            return
        }
        #expect(SystemError.reason(code) == "Connection reset by peer (ECONNRESET)")
    }
}
