import SessionBase
import SessionCodec
import TestSupport

/// What a connection made of its input, with payloads copied out, so that chunkings can be compared.
enum Heard: Equatable, CustomStringConvertible {
    case request, upgrade, response, opened
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case closeReceived(CloseCode, String)
    case failed(CloseCode, ConnectionFailure?)

    var description: String {
        switch self {
        case .request: "request"
        case .upgrade: "upgrade"
        case .response: "response"
        case .opened: "opened"
        case .message(let kind, let bytes): "\(kind) message of \(bytes.count) bytes \(bytes.prefix(20))"
        case .ping(let bytes): "ping \(bytes)"
        case .pong(let bytes): "pong \(bytes)"
        case .closeReceived(let code, let reason): "close \(code.rawValue) “\(reason)”"
        case .failed(let code, let failure): "failed \(code.rawValue) \(failure.map { "\($0)" } ?? "")"
        }
    }
}

/// Everything that went in and out of one connection.
struct Transcript: Equatable {
    var heard: [Heard] = []
    var output: [UInt8] = []
}

extension Connection {
    /// Feeds one piece until it is consumed, and writes down what happened.
    ///
    /// - Parameter answer: Is told each event and may write an answer.
    mutating func feed(
        _ piece: DecoderVerifier.Piece, to transcript: inout Transcript,
        answer: (inout Connection, ConnectionEvent, inout [UInt8]) -> Void = { _, _, _ in }
    ) {
        var buffer = piece.buffer
        var span = buffer.mutableSpan
        var input = span._mutatingExtracting(piece.range)
        var cursor = 0
        while true {
            let event = receive(&input, from: &cursor, output: &transcript.output)
            guard event != .needsInput else { break }
            transcript.heard.append(heard(event, in: input.span))
            answer(&self, event, &transcript.output)
        }
        precondition(cursor == input.count, "the connection left input behind")
    }

    /// Feeds bytes in one piece.
    mutating func feed(_ bytes: [UInt8], to transcript: inout Transcript) {
        feed(DecoderVerifier.Piece(buffer: bytes, range: 0..<bytes.count), to: &transcript)
    }

    private func heard(_ event: ConnectionEvent, in input: Span<UInt8>) -> Heard {
        func copy(_ place: PayloadPlace) -> [UInt8] {
            switch place {
            case .input(let range): range.map { input[$0] }
            case .assembled: assembled
            case .control: control
            }
        }
        return switch event {
        case .needsInput: preconditionFailure("not an event")
        case .request: .request
        case .upgrade: .upgrade
        case .response: .response
        case .opened: .opened
        case .message(let kind, let place): .message(kind, copy(place))
        case .ping(let place): .ping(copy(place))
        case .pong(let place): .pong(copy(place))
        case .closeReceived(let code): .closeReceived(code, closeReason)
        case .failed(let code): .failed(code, failure)
        }
    }
}

/// A frame by its parts, written without the code under test.
func frame(
    _ opcode: UInt8, _ payload: [UInt8] = [], final: Bool = true, reserved: UInt8 = 0,
    mask: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
    var bytes = [(final ? 0x80 : 0) | reserved | opcode]
    let maskBit: UInt8 = mask == nil ? 0 : 0x80
    switch payload.count {
    case ...125: bytes.append(maskBit | UInt8(payload.count))
    case ...65_535: bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: bytes += [maskBit | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard let mask else { return bytes + payload }
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
}

/// A close body.
func closeBody(_ code: Int, _ reason: String = "") -> [UInt8] {
    [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)
}

/// What a server with a limit of 1 MiB and no compression makes of frames, however they are cut.
///
/// - Parameter comparesReasons: Whether the cuts must agree on why the input was refused, and not only on where.
@discardableResult
func serverTranscript(
    of input: [UInt8], limit: Int = 1 << 20, deflate: DeflateParameters? = nil, seed: UInt64 = 1,
    comparesReasons: Bool = true
) throws -> Transcript {
    try DecoderVerifier(seed: seed).verify(input) { pieces in
        var transcript = Transcript()
        var connection = Connection(
            establishedAs: .server, limits: ConnectionLimits(messageBytesMax: limit), deflate: deflate)
        for piece in pieces { connection.feed(piece, to: &transcript) }
        if !comparesReasons, case .failed? = transcript.heard.last {
            transcript.heard[transcript.heard.count - 1] = .failed(.invalidPayload, nil)
            transcript.output = []
        }
        return transcript
    }
}
