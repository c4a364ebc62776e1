import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// A socket to a Redis server, TLS where it is wanted, and the replies that come out of it. Never waits.
///
/// `connecting` → `securing` (with TLS) → `open`; a failure of any kind is thrown, and ends it.
final class RedisConnection {
    /// Why a connection ended: a clause.
    struct Failure: Error { let reason: String }

    private enum State { case connecting, securing, open }
    private var state = State.connecting
    private let socket: OwnedDescriptor
    private let address: SocketAddress
    private let tls: TLSSession?
    private let reader = RedisReplyReader()
    private var input = [UInt8](repeating: 0, count: 65_536)
    /// What has to go out as it is, and how much of it has gone.
    private var output: [UInt8] = []
    private var outputStart = 0

    /// Starts to connect.
    init(_ address: SocketAddress, _ tls: TLSSession?) throws(Failure) {
        self.address = address
        self.tls = tls
        do throws(SystemError) {
            socket = try Socket.connect(to: address)
        } catch {
            throw Failure(reason: "\(error)")
        }
    }

    /// What a poller watches.
    var descriptor: Int32 { socket.rawValue }

    /// Whether commands can be sent.
    var isOpen: Bool { state == .open }

    /// Whether there is something to send, or a connection attempt to be decided.
    var wantsToWrite: Bool { state == .connecting || outputStart < output.count }

    /// Goes on where the socket takes bytes, or the attempt was decided.
    func becameWritable() throws(Failure) {
        if state == .connecting {
            let code = Socket.takeError(descriptor)
            guard code == 0 else {
                let error = SystemError(code: code, operation: "connect to", context: address.description)
                throw Failure(reason: "\(error)")
            }
            if let tls {
                state = .securing
                try securely { () throws(TLSError) in try tls.start(output: &output) }
            } else {
                state = .open
            }
        }
        try flush()
    }

    /// Sends bytes, or keeps them until the socket takes them.
    func send(_ bytes: [UInt8]) throws(Failure) {
        precondition(state == .open, "sending to Redis before there is a connection")
        if let tls {
            try securely { () throws(TLSError) in try tls.send(bytes.span, output: &output) }
        } else if output.isEmpty {
            output = bytes
        } else {
            output += bytes
        }
        try flush()
    }

    /// Reads what is there, and calls `body` with each reply.
    func becameReadable(_ body: (RedisReply) -> Void) throws(Failure) {
        // Bounded, so that a server that never stops to talk leaves time for other things.
        for _ in 0..<64 {
            switch Socket.receive(descriptor, into: &input) {
            case .received(let count):
                try take(count, body)
                if count < input.count { return }
            case .wouldBlock: return
            case .ended: throw Failure(reason: "Redis closed the connection")
            case .failed(let code): throw Failure(reason: "Redis is gone: \(SystemError.reason(code))")
            }
        }
    }

    private func take(_ count: Int, _ body: (RedisReply) -> Void) throws(Failure) {
        let received = input
        var plaintext: [UInt8] = []
        if let tls {
            try securely { () throws(TLSError) in
                try tls.receive(received.span.extracting(0..<count), plaintext: &plaintext, output: &output)
            }
            if state == .securing, tls.isOpen { state = .open }
            try flush()
        }
        do throws(RedisReplyReader.Failure) {
            if tls == nil {
                try reader.feed(received.span.extracting(0..<count))
            } else {
                try reader.feed(plaintext.span)
            }
            while let reply = try reader.next() { body(reply) }
        } catch {
            throw Failure(reason: "what answers does not speak Redis' protocol")
        }
    }

    private func flush() throws(Failure) {
        while outputStart < output.count {
            let bytes = output
            switch Socket.send(descriptor, bytes.span.extracting(outputStart..<bytes.count)) {
            case .sent(let count): outputStart += count
            case .wouldBlock: return
            case .failed(let code): throw Failure(reason: "Redis is gone: \(SystemError.reason(code))")
            }
        }
        output.removeAll(keepingCapacity: output.capacity <= 1 << 20)
        outputStart = 0
    }

    private func securely(_ body: () throws(TLSError) -> Void) throws(Failure) {
        do throws(TLSError) {
            try body()
        } catch {
            // The alert that tells the server why should reach it; where it does not, the reason stays the same.
            try? flush()
            throw Failure(reason: error.description)
        }
    }
}
