/// What a peer got wrong after the handshake; each has one close code and one sentence.
package enum WebSocketError: Error, Hashable, CaseIterable, Sendable {
    case reservedBits
    case unknownOpcode
    case fragmentedControlFrame
    case longControlFrame
    case unmaskedFrame
    case maskedFrame
    case lengthNotMinimal
    case lengthBeyond63Bits
    case unexpectedContinuation
    case expectedContinuation
    case tooManyFragments
    case messageTooBig
    case invalidUTF8
    case invalidCompression
    case closeBodyOfOneByte
    case invalidCloseCode
    case invalidCloseReason

    /// The status that ends the connection (RFC 6455 §7.4.1).
    package var closeCode: CloseCode {
        switch self {
        case .messageTooBig, .tooManyFragments: .messageTooBig
        case .invalidUTF8, .invalidCompression, .invalidCloseReason: .invalidPayload
        default: .protocolError
        }
    }

    /// What is wrong, for the reason of the Close frame and for logs; short enough for both.
    package var detail: StaticString {
        switch self {
        case .reservedBits: "a reserved bit is set"
        case .unknownOpcode: "unknown opcode"
        case .fragmentedControlFrame: "fragmented control frame"
        case .longControlFrame: "control frame longer than 125 bytes"
        case .unmaskedFrame: "frame from a client is not masked"
        case .maskedFrame: "frame from a server is masked"
        case .lengthNotMinimal: "payload length in more bytes than needed"
        case .lengthBeyond63Bits: "payload length beyond 63 bits"
        case .unexpectedContinuation: "continuation without a message"
        case .expectedContinuation: "new message inside a fragmented one"
        case .tooManyFragments: "too many fragments"
        case .messageTooBig: "message longer than the limit"
        case .invalidUTF8: "text is not UTF-8"
        case .invalidCompression: "compressed data is corrupt"
        case .closeBodyOfOneByte: "close body of one byte"
        case .invalidCloseCode: "close code may not be sent"
        case .invalidCloseReason: "close reason is not UTF-8"
        }
    }
}
