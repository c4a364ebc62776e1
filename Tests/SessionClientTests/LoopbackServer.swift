import Glibc
import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import Synchronization

/// A server on loopback that plays one list of steps for each connection, on a thread of its own.
final class LoopbackServer: Sendable {
    /// What the server does next.
    enum Step: Sendable {
        /// Answers the handshake with 101.
        case accept(subprotocol: String? = nil, compression: CompressionPolicy? = nil)
        /// Answers the handshake with something else.
        case respond(HTTPResponse)
        /// Answers a request with something, and keeps the connection.
        case answer(HTTPResponse)
        case send(String)
        case sendBinary([UInt8])
        case ping(String)
        /// Puts bytes on the wire as they are.
        case raw([UInt8])
        /// Waits for a message or a Pong, which is added to ``received``.
        case await
        /// Sends back every message until the client closes.
        case echo
        case close(CloseCode, String)
        /// Reads until the client is gone.
        case drain
        case pause(milliseconds: UInt32)
        /// Ends the connection as a crash does.
        case drop
    }

    let address: SocketAddress
    private let log = Mutex<[String]>([])
    private let tls: TLSContext?
    private let listener: Listener

    /// What clients said, as `text hello`, `binary 5`, `pong x`, `close 1000`, `request TARGET`.
    var received: [String] { log.withLock { $0 } }

    /// Starts to listen; connections beyond the list are not answered.
    init(_ scripts: [[Step]], on address: SocketAddress = .loopback(port: 0), tls: TLSContext? = nil) throws {
        listener = try Listener(address)
        self.address = listener.address
        self.tls = tls
        // The thread holds the server until it has played every list; a test that ends early leaves it waiting.
        let thread = try SystemThread(name: "loopback") { [self] in
            for steps in scripts {
                guard let descriptor = acceptOne() else { return }
                let peer = LoopbackPeer(OwnedDescriptor(adopting: descriptor), tls: tls, log: { self.note($0) })
                for step in steps where !peer.isOver { peer.play(step) }
            }
        }
        _ = consume thread
    }

    /// The URL of the server.
    func endpoint(_ target: String = "/") -> Endpoint {
        switch address {
        case .unix(let path): Endpoint(address: .unix(path: path), target: target)
        default: Endpoint(address: .host(address.host, port: address.port ?? 0), isSecure: tls != nil, target: target)
        }
    }

    private func note(_ text: String) { log.withLock { $0.append(text) } }

    private func acceptOne() -> Int32? {
        var entry = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 10_000) > 0, case .accepted(let descriptor, _) = listener.accept() else { return nil }
        return descriptor
    }
}

/// One connection of a ``LoopbackServer``, blocking.
private final class LoopbackPeer {
    private let socket: OwnedDescriptor
    private let tls: TLSSession?
    private let log: (String) -> Void
    private var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 64 << 20))
    private var input: [UInt8] = []
    private var cursor = 0
    private(set) var isOver = false

    init(_ socket: consuming OwnedDescriptor, tls: TLSContext?, log: @escaping (String) -> Void) {
        self.socket = socket
        // A context that was made for a server makes sessions; the tests would show it if not.
        self.tls = tls.flatMap { try? TLSSession($0) }
        self.log = log
    }

    func play(_ step: LoopbackServer.Step) {
        var output: [UInt8] = []
        switch step {
        case .accept(let subprotocol, let compression):
            guard awaitRequest() else { return }
            connection.accept(
                Acceptance(messageBytesMax: 64 << 20, compression: compression), subprotocol: subprotocol,
                output: &output)
        case .respond(let response):
            guard awaitRequest() else { return }
            connection.respond(response, closes: true, output: &output)
        case .answer(let response):
            guard awaitRequest() else { return }
            connection.respond(response, closes: false, output: &output)
        case .send(let text): connection.send(.text, Array(text.utf8).span, output: &output)
        case .sendBinary(let bytes): connection.send(.binary, bytes.span, output: &output)
        case .ping(let text): connection.ping(Array(text.utf8).span, output: &output)
        case .raw(let bytes): output = bytes
        case .await: _ = next()
        case .echo: echo()
        case .close(let code, let reason): connection.close(code, reason: reason, output: &output)
        case .drain: while !isOver { _ = next() }
        case .pause(let milliseconds): usleep(milliseconds * 1000)
        case .drop: Socket.resetOnClose(socket.rawValue)
        }
        write(output)
    }

    private func awaitRequest() -> Bool {
        guard next() != nil else { return false }
        let request = connection.takeRequest()
        log("request \(request.head.target)")
        if !request.body.isEmpty {
            log("\(request.head.method) \(String(decoding: request.body.prefix(100), as: UTF8.self))")
        }
        for name in ["Origin", "X-Test", "Sec-WebSocket-Protocol"] {
            if let value = request.head.fields[name] { log("\(name): \(value)") }
        }
        return true
    }

    private func echo() {
        while let (kind, payload) = next() {
            var output: [UInt8] = []
            connection.send(kind, payload.span, output: &output)
            write(output)
        }
    }

    /// Returns the next message or Pong, or an empty one for a request; `nil` once the connection is over.
    private func next() -> (MessageKind, [UInt8])? {
        while !isOver {
            var output: [UInt8] = []
            var bytes = input.mutableSpan
            let event = connection.receive(&bytes, from: &cursor, output: &output)
            var found: (MessageKind, [UInt8])?
            switch event {
            case .needsInput: read()
            case .request, .upgrade: return (.text, [])
            case .message(let kind, let place): found = (kind, payload(place))
            case .pong(let place):
                log("pong \(String(decoding: payload(place), as: UTF8.self))")
                return (.text, [])
            case .closeReceived(let code):
                log("close \(code.rawValue)")
                write(output)
                isOver = true
            case .failed(let code):
                log("failed \(code.rawValue)")
                isOver = true
            default: break
            }
            write(output)
            guard let (kind, payload) = found else { continue }
            log(
                kind == .text
                    ? "text \(String(decoding: payload.prefix(100), as: UTF8.self))" : "binary \(payload.count)")
            return (kind, payload)
        }
        return nil
    }

    private func payload(_ place: PayloadPlace) -> [UInt8] {
        switch place {
        case .input(let range): Array(input[range])
        case .assembled: connection.assembled
        case .control: connection.control
        }
    }

    private func read() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var entry = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 10_000) > 0 else { return isOver = true }
        guard case .received(let count) = Socket.receive(socket.rawValue, into: &chunk) else { return isOver = true }
        input = []
        cursor = 0
        guard let tls else { return input = Array(chunk[..<count]) }
        var output: [UInt8] = []
        do {
            try tls.receive(chunk.span.extracting(0..<count), plaintext: &input, output: &output)
        } catch {
            log("tls \(error.kind)")
            isOver = true
        }
        writeRaw(output)
    }

    private func write(_ bytes: [UInt8]) {
        guard let tls, !bytes.isEmpty else { return writeRaw(bytes) }
        var output: [UInt8] = []
        // A session that failed has said so when it read.
        try? tls.send(bytes.span, output: &output)
        writeRaw(output)
    }

    private func writeRaw(_ bytes: [UInt8]) {
        // The client may be gone already, which the next read tells.
        try? Descriptor.writeAll(bytes.span, to: socket.rawValue)
    }
}
