import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// A connected stream of bytes to an endpoint, through TLS where that is asked for, on which its owner waits with a deadline.
///
/// *connected* → *secured* (TLS) → *ended*. One thread owns it; every call returns at its deadline at the latest.
final class HTTPTransport {
    /// What reading without a wait found.
    enum Arrival { case bytes([UInt8]), nothing, end }

    private let socket: OwnedDescriptor
    private let wait: HTTPWait
    private let endpoint: Endpoint
    private var tls: TLSSession?
    private var input = [UInt8](repeating: 0, count: 65_536)
    /// Decrypted bytes that the handshake of TLS brought along.
    private var early: [UInt8] = []

    /// Takes over a connected socket.
    init(_ socket: consuming OwnedDescriptor, _ configuration: HTTPConfiguration, _ wait: HTTPWait) {
        self.socket = socket
        self.wait = wait
        endpoint = configuration.endpoint
    }

    /// What a driver of its own watches for reading.
    var descriptor: Int32 { socket.rawValue }

    // MARK: TLS

    /// Performs the handshake of TLS.
    func secure(_ security: ClientSecurity) throws(HTTPFailure) {
        var output: [UInt8] = []
        let session: TLSSession
        do {
            session = try TLSSession(try security.context(), peerName: endpoint.host)
            try session.start(output: &output)
        } catch {
            throw .tls(ClientFailure(error, endpoint: endpoint))
        }
        tls = session
        try write(output.span)
        while !session.isOpen {
            guard let bytes = try receive() else { throw lost("it ended during the handshake of TLS") }
            early += bytes
        }
    }

    // MARK: Bytes

    /// Sends all bytes.
    func send(_ bytes: [UInt8]) throws(HTTPFailure) {
        guard let tls else { return try write(bytes.span) }
        var output: [UInt8] = []
        do throws(TLSError) { try tls.send(bytes.span, output: &output) } catch { throw lost(error.description) }
        try write(output.span)
    }

    /// Waits for bytes; `nil` at the end of the stream.
    ///
    /// - Returns: Decrypted bytes, perhaps none where TLS kept them to itself.
    func receive() throws(HTTPFailure) -> [UInt8]? {
        while true {
            switch try poll() {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .nothing: try wait.until(.readable, on: socket.rawValue)
            }
        }
    }

    /// Takes what is there, without a wait.
    func poll() throws(HTTPFailure) -> Arrival {
        if !early.isEmpty, tls?.isOpen == true {
            defer { early = [] }
            return .bytes(early)
        }
        switch Socket.receive(socket.rawValue, into: &input) {
        case .received(let count): return .bytes(try open(count))
        case .wouldBlock: return .nothing
        case .ended: return .end
        case .failed(let code): throw lost(SystemError.reason(code))
        }
    }

    /// Decrypts the first `count` bytes of the input.
    private func open(_ count: Int) throws(HTTPFailure) -> [UInt8] {
        guard let tls else { return Array(input[..<count]) }
        var (plaintext, output): ([UInt8], [UInt8]) = ([], [])
        let ciphertext = Array(input[..<count])
        let wasOpen = tls.isOpen
        do throws(TLSError) {
            try tls.receive(ciphertext.span, plaintext: &plaintext, output: &output)
        } catch {
            // The alert tells the peer why; where it cannot be sent, the peer is gone.
            try? write(output.span)
            throw wasOpen ? lost(error.description) : .tls(ClientFailure(error, endpoint: endpoint))
        }
        if !output.isEmpty { try write(output.span) }
        return plaintext
    }

    private func write(_ bytes: Span<UInt8>) throws(HTTPFailure) {
        var start = 0
        while start < bytes.count {
            switch Socket.send(socket.rawValue, bytes.extracting(start..<bytes.count)) {
            case .sent(let count): start += count
            case .wouldBlock: try wait.until(.writable, on: socket.rawValue)
            case .failed(let code): throw lost(SystemError.reason(code))
            }
        }
    }

    private func lost(_ reason: String) -> HTTPFailure {
        .lost(endpoint: endpoint.httpDescription, reason: reason)
    }
}
