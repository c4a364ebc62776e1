import SessionBase
import SessionCrypto
import SessionIO

/// A socket to a server, through TLS where that is wanted: bytes out, bytes in, and never a wait.
///
/// `connecting` → `securing` (with TLS) → `open`; a failure of any kind is thrown, and ends it. One thread owns it.
final class ClientStream {
    /// Why a connection ended: a clause.
    struct Failure: Error { let reason: String }

    /// How much one event reads at most, in buffers: a server that never stops to talk leaves time for other things.
    private static let roundsMax = 64
    private static let inputBytes = 65_536

    private enum State { case connecting, securing, open }
    private var state = State.connecting
    private let socket: OwnedDescriptor
    private let address: SocketAddress
    private let tls: TLSSession?
    /// What messages call the server.
    private let peer: String
    /// Where bytes arrive; none while the connection rests.
    private var input: [UInt8] = []
    /// What has to go out as it is, and how much of it has gone.
    private var output: [UInt8] = []
    private var outputStart = 0

    /// Starts to connect.
    ///
    /// - Parameter peer: What messages call the server, as in `PEER closed the connection`.
    init(_ address: SocketAddress, _ tls: TLSSession?, peer: String) throws(Failure) {
        self.address = address
        self.tls = tls
        self.peer = peer
        do throws(SystemError) {
            socket = try Socket.connect(to: address)
        } catch {
            throw Failure(reason: "\(error)")
        }
    }

    /// What a poller watches.
    var descriptor: Int32 { socket.rawValue }

    /// Whether the server took the connection, though TLS may not be set up yet.
    var isConnected: Bool { state != .connecting }

    /// Whether bytes can be sent.
    var isOpen: Bool { state == .open }

    /// Whether there is something to send, or a connection attempt to be decided.
    var wantsToWrite: Bool { state == .connecting || outputStart < output.count }

    /// Whether the peer said, through TLS, that nothing more will come.
    var isClosedByPeer: Bool { tls?.isClosedByPeer ?? false }

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
        precondition(state == .open, "sending before there is a connection")
        if let tls {
            try securely { () throws(TLSError) in try tls.send(bytes.span, output: &output) }
        } else if output.isEmpty {
            output = bytes
        } else {
            output += bytes
        }
        try flush()
    }

    /// Reads what is there, and calls `body` with each piece of it.
    ///
    /// - Returns: Whether more may come: `false` once the peer has ended the connection.
    func becameReadable(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) -> Bool {
        if input.isEmpty { input = [UInt8](repeating: 0, count: Self.inputBytes) }
        for _ in 0..<Self.roundsMax {
            switch Socket.receive(descriptor, into: &input) {
            case .received(let count):
                try take(count, body)
                if count < input.count { return true }
            case .wouldBlock: return true
            case .ended: return false
            case .failed(let code): throw Failure(reason: "\(peer) is gone: \(SystemError.reason(code))")
            }
        }
        return true
    }

    /// Frees what is not needed while nothing is asked.
    func rest() {
        input = []
        if outputStart == output.count { (output, outputStart) = ([], 0) }
    }

    private func take(_ count: Int, _ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        let received = input
        guard let tls else { return try body(received.span.extracting(0..<count)) }
        var plaintext: [UInt8] = []
        try securely { () throws(TLSError) in
            try tls.receive(received.span.extracting(0..<count), plaintext: &plaintext, output: &output)
        }
        if state == .securing, tls.isOpen { state = .open }
        try flush()
        if !plaintext.isEmpty { try body(plaintext.span) }
    }

    private func flush() throws(Failure) {
        while outputStart < output.count {
            let bytes = output
            switch Socket.send(descriptor, bytes.span.extracting(outputStart..<bytes.count)) {
            case .sent(let count): outputStart += count
            case .wouldBlock: return
            case .failed(let code): throw Failure(reason: "\(peer) is gone: \(SystemError.reason(code))")
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
