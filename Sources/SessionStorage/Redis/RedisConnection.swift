import SessionCrypto
import SessionIO

/// A connection to a Redis server, and the replies that come out of it. Never waits.
final class RedisConnection {
    /// Why a connection ended: a clause.
    typealias Failure = ClientStream.Failure

    private let stream: ClientStream
    private let reader = RedisReplyReader()

    /// Starts to connect.
    init(_ address: SocketAddress, _ tls: TLSSession?) throws(Failure) {
        stream = try ClientStream(address, tls, peer: "Redis")
    }

    /// What a poller watches.
    var descriptor: Int32 { stream.descriptor }

    /// Whether commands can be sent.
    var isOpen: Bool { stream.isOpen }

    /// Whether there is something to send, or a connection attempt to be decided.
    var wantsToWrite: Bool { stream.wantsToWrite }

    /// Goes on where the socket takes bytes, or the attempt was decided.
    func becameWritable() throws(Failure) { try stream.becameWritable() }

    /// Sends bytes, or keeps them until the socket takes them.
    func send(_ bytes: [UInt8]) throws(Failure) { try stream.send(bytes) }

    /// Reads what is there, and calls `body` with each reply.
    func becameReadable(_ body: (RedisReply) -> Void) throws(Failure) {
        let isOpen = try stream.becameReadable { (bytes: Span<UInt8>) throws(Failure) in try take(bytes, body) }
        if !isOpen { throw Failure(reason: "Redis closed the connection") }
    }

    private func take(_ bytes: Span<UInt8>, _ body: (RedisReply) -> Void) throws(Failure) {
        do throws(RedisReplyReader.Failure) {
            try reader.feed(bytes)
            while let reply = try reader.next() { body(reply) }
        } catch {
            throw Failure(reason: "what answers does not speak Redis' protocol")
        }
    }
}
