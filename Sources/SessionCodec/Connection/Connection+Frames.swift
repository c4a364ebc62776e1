import SessionBase

/// The WebSocket phase: frames in, frames out.
extension Connection {
    /// Reads frames until something happens that the driver must hear of.
    @inline(__always)
    mutating func receiveFrames(
        _ input: inout MutableSpan<UInt8>, from cursor: inout Int, output: inout [UInt8]
    ) -> ConnectionEvent {
        assembler.release()
        do throws(WebSocketError) {
            while let piece = try decoder.next(&input, from: &cursor) {
                let event =
                    piece.header.opcode.isControl
                    ? try absorbControl(piece, in: input.span, output: &output)
                    : try absorbData(piece, in: input.span)
                if let event { return event }
            }
        } catch {
            cursor = input.count
            return fail(error, output: &output)
        }
        return .needsInput
    }

    @inline(__always)
    private mutating func absorbData(
        _ piece: FramePiece, in input: Span<UInt8>
    ) throws(WebSocketError) -> ConnectionEvent? {
        switch try assembler.absorb(piece, in: input, compression: &compression) {
        case .nothing: nil
        case .inPlace(let kind, let range): .message(kind, .input(range))
        case .assembled(let kind): .message(kind, .assembled)
        }
    }

    /// Takes a piece of a control frame; only one that is cut off is copied.
    @inline(never)
    private mutating func absorbControl(
        _ piece: FramePiece, in input: Span<UInt8>, output: inout [UInt8]
    ) throws(WebSocketError) -> ConnectionEvent? {
        if piece.isFirst, piece.isLast {
            return try handle(
                piece.header.opcode, input.extracting(piece.range), at: .input(piece.range), output: &output)
        }
        if piece.isFirst { control = [] }
        control.append(copying: input.extracting(piece.range))
        guard piece.isLast else { return nil }
        let body = control
        return try handle(piece.header.opcode, body.span, at: .control, output: &output)
    }

    private mutating func handle(
        _ opcode: Opcode, _ payload: Span<UInt8>, at place: PayloadPlace, output: inout [UInt8]
    ) throws(WebSocketError) -> ConnectionEvent {
        switch opcode {
        case .ping:
            if answersPings, closing.isOpen { appendFrame(.pong, payload, to: &output) }
            return .ping(place)
        case .pong:
            return .pong(place)
        default:
            return try receiveClose(payload, output: &output)
        }
    }

    private mutating func receiveClose(
        _ body: Span<UInt8>, output: inout [UInt8]
    ) throws(WebSocketError) -> ConnectionEvent {
        let code = try CloseBody.parse(body)
        // `body` may lie in `control`, and optimized code does not keep a copy of that alive for the span's sake.
        var kept: [UInt8] = []
        kept.append(copying: body)
        control = kept
        if case .reply(let answer) = closing.receive(code) {
            appendFrame(.close, CloseBody.make(answer, reason: CloseBody.reason(answer)).span, to: &output)
        }
        finish()
        return .closeReceived(code)
    }

    /// Fails the connection (RFC 6455 §7.1.7).
    @inline(never)
    private mutating func fail(_ error: WebSocketError, output: inout [UInt8]) -> ConnectionEvent {
        frameFailure = error
        let code = error.closeCode
        if closing.fail() {
            let reason = CloseBody.reason(code, detail: "\(error.detail)")
            appendFrame(.close, CloseBody.make(code, reason: reason).span, to: &output)
        }
        finish()
        return .failed(code)
    }

    /// Appends a message: framed, masked by a client, compressed where that was negotiated and it is long enough.
    ///
    /// Nothing is appended once a Close was sent or received.
    ///
    /// - Complexity: O(n), one copy where it is not compressed.
    package mutating func send(_ kind: MessageKind, _ payload: Span<UInt8>, output: inout [UInt8]) {
        guard phase == .webSocket, closing.isOpen else { return }
        if compresses(bytes: payload.count) {
            sendCompressed(kind, payload, output: &output)
        } else if fragmentBytes > 0 {
            appendFragments(kind, payload, isCompressed: false, to: &output)
        } else {
            appendFrame(kind.opcode, payload, to: &output)
        }
    }

    /// Appends an uncompressed message as every server sends it, framed once for any number of receivers.
    package static func appendServerFrame(_ kind: MessageKind, _ payload: Span<UInt8>, to output: inout [UInt8]) {
        FrameEncoder.append(FrameHeader(opcode: kind.opcode, payloadBytes: payload.count), payload, to: &output)
    }

    /// Appends a Ping.
    ///
    /// - Parameter payload: At most 125 bytes.
    package mutating func ping(_ payload: Span<UInt8>, output: inout [UInt8]) {
        guard phase == .webSocket, closing.isOpen else { return }
        appendFrame(.ping, payload, to: &output)
    }

    /// Appends a Pong that answers no Ping (RFC 6455 §5.5.3).
    ///
    /// - Parameter payload: At most 125 bytes.
    package mutating func pong(_ payload: Span<UInt8>, output: inout [UInt8]) {
        guard phase == .webSocket, closing.isOpen else { return }
        appendFrame(.pong, payload, to: &output)
    }

    /// Starts the closing handshake; does nothing where it has started before.
    ///
    /// - Parameters:
    ///   - code: A status that may be sent, or `.noStatus` for an empty Close frame.
    ///   - reason: Cut to 123 bytes at a character boundary; `nil` for the code's name.
    package mutating func close(_ code: CloseCode, reason: String? = nil, output: inout [UInt8]) {
        guard phase == .webSocket, closing.start() else { return }
        let body = CloseBody.make(code, reason: reason ?? CloseBody.reason(code))
        appendFrame(.close, body.span, to: &output)
    }

    @inline(__always)
    private mutating func appendFrame(_ opcode: Opcode, _ payload: Span<UInt8>, to output: inout [UInt8]) {
        let header = FrameHeader(opcode: opcode, payloadBytes: payload.count, maskKey: nextMaskKey())
        precondition(!opcode.isControl || payload.count <= FrameHeader.controlPayloadBytesMax, "a long control frame")
        FrameEncoder.append(header, payload, to: &output)
    }

    /// A fresh key for each frame of a client (RFC 6455 §5.3), `nil` for a server.
    @inline(__always)
    private mutating func nextMaskKey() -> UInt32? {
        client.isEmpty ? nil : client[0].maskKeys.next()
    }

    @inline(never)
    private mutating func sendCompressed(_ kind: MessageKind, _ payload: Span<UInt8>, output: inout [UInt8]) {
        guard let compressed = compression?.compress(payload) else { return }
        appendFragments(kind, compressed.span, isCompressed: true, to: &output)
    }

    /// Appends a message in frames of ``fragmentBytes``, the first of which carries the opcode and RSV1.
    private mutating func appendFragments(
        _ kind: MessageKind, _ payload: Span<UInt8>, isCompressed: Bool, to output: inout [UInt8]
    ) {
        let step = fragmentBytes == 0 ? max(payload.count, 1) : Int(fragmentBytes)
        var start = 0
        repeat {
            let end = min(start + step, payload.count)
            let header = FrameHeader(
                opcode: start == 0 ? kind.opcode : .continuation, payloadBytes: end - start,
                isFinal: end == payload.count, isCompressed: isCompressed && start == 0, maskKey: nextMaskKey())
            FrameEncoder.append(header, payload.extracting(start..<end), to: &output)
            start = end
        } while start < payload.count
    }
}
