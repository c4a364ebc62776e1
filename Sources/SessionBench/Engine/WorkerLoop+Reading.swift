import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// Bytes from sockets, and the answers in them.
extension WorkerLoop where Work: ~Copyable {
    /// Reads a socket until less comes than the buffer holds, or to its end where the poller saw one.
    @inline(__always)
    mutating func read(_ link: Int, toTheEnd: Bool) {
        let generation = links[link].generation
        while true {
            switch Socket.receive(links[link].descriptor, into: UnsafeMutableRawBufferPointer(input)) {
            case .received(let count):
                readClock()
                recorder.transferred(in: count)
                receive(link, UnsafeMutableBufferPointer(rebasing: input[..<count]))
                guard isAlive(link, generation), toTheEnd || count == input.count else { return }
            case .wouldBlock: return
            case .ended: return end(link, links[link].isHTTP ? Self.endOfHTTP : "1006")
            case .failed(let code): return lose(link, code)
            }
        }
    }

    /// The word under which the end of a plain HTTP connection is counted that the server brought about.
    static var endOfHTTP: String { "http closed" }

    /// Reads at most so many bytes.
    mutating func readOnce(_ link: Int, bytesMax: Int) {
        let room = UnsafeMutableBufferPointer(rebasing: input[..<min(bytesMax, input.count)])
        switch Socket.receive(links[link].descriptor, into: UnsafeMutableRawBufferPointer(room)) {
        case .received(let count):
            readClock()
            recorder.transferred(in: count)
            receive(link, UnsafeMutableBufferPointer(rebasing: room[..<count]))
        case .wouldBlock: return
        case .ended: end(link, "1006")
        case .failed(let code): lose(link, code)
        }
    }

    @inline(__always)
    private func isAlive(_ link: Int, _ generation: UInt32) -> Bool {
        links[link].generation == generation && links[link].descriptor >= 0
    }

    /// Handles what a socket delivered, and sends what it calls for in one send.
    @inline(__always)
    private mutating func receive(_ link: Int, _ bytes: UnsafeMutableBufferPointer<UInt8>) {
        if links[link].isSecure { return decrypt(link, bytes) }
        consume(link, bytes)
    }

    /// Handles plain bytes.
    @inline(__always)
    mutating func consume(_ link: Int, _ bytes: UnsafeMutableBufferPointer<UInt8>) {
        let generation = links[link].generation
        var cursor = 0
        while cursor < bytes.count, isAlive(link, generation) {
            if links[link].isHTTP {
                readHTTP(link, bytes.span, from: &cursor)
                continue
            }
            if !links[link].isInsideMessage, links[link].state == .open,
                takeWholeFrame(link, bytes.span, from: &cursor)
            {
                continue
            }
            digest(link, bytes, from: &cursor)
        }
        guard isAlive(link, generation) else { return }
        flushOutbox(to: link)
        send(link)
    }

    /// Handles a binary message that is one frame, uncompressed and all there.
    ///
    /// - Returns: Whether there was one.
    @inline(__always)
    private mutating func takeWholeFrame(_ link: Int, _ bytes: Span<UInt8>, from cursor: inout Int) -> Bool {
        let available = bytes.count &- cursor
        guard available >= 4, bytes[cursor] == 0x82 else { return false }
        var length = Int(bytes[cursor &+ 1])
        var start = cursor &+ 2
        if length == 126 {
            length = Int(bytes[cursor &+ 2]) << 8 | Int(bytes[cursor &+ 3])
            start = cursor &+ 4
            // A length that needed no second field is a violation, which the codec names.
            guard length > 125 else { return false }
        } else if length > 126 {
            return false
        }
        guard length <= bytes.count &- start else { return false }
        cursor = start &+ length
        hear(link, bytes.extracting(start..<cursor), .binary)
        return true
    }

    /// Lets the codec handle what is no plain message: handshakes, control frames, pieces, compressed messages.
    @inline(never)
    private mutating func digest(_ link: Int, _ bytes: UnsafeMutableBufferPointer<UInt8>, from cursor: inout Int) {
        var input = bytes.mutableSpan
        links[link].isInsideMessage = true
        switch wires[link].connection.receive(&input, from: &cursor, output: &outbox) {
        case .needsInput: cursor = bytes.count
        case .message(let kind, let place):
            links[link].isInsideMessage = links[link].isCompressed
            if case .input(let range) = place {
                hear(link, input.span.extracting(range), kind)
            } else {
                let assembled = wires[link].connection.assembled
                // Swift 6.3 does not keep an array alive for its span while the place it was read from is replaced.
                defer { withExtendedLifetime(assembled) {} }
                hear(link, assembled.span, kind)
            }
        case .ping, .pong: break
        case .opened: didOpen(link)
        case .response: didRefuse(link)
        case .closeReceived(let code):
            flushOutbox(to: link)
            end(link, "\(code.rawValue)")
        case .failed(let code):
            flushOutbox(to: link)
            links[link].state == .upgrading ? didViolate(link) : end(link, "\(code.rawValue)")
        case .request, .upgrade: preconditionFailure("a client was asked for something")
        }
    }

    @inline(__always)
    private mutating func hear(_ link: Int, _ message: Span<UInt8>, _ kind: MessageKind) {
        switch links[link].state {
        case .open where Work.isConversing: hear(link, message, kind: kind)
        case .open: settle(link, work.judge(message, kind: kind, on: link))
        case .greeting:
            desk.now = now
            didGreet(link, work.greeted(by: message, kind: kind, on: link, &desk, &recorder))
        default: break
        }
    }

    private mutating func decrypt(_ link: Int, _ bytes: UnsafeMutableBufferPointer<UInt8>) {
        guard let tls = wires[link].tls else { return }
        var plain: [UInt8] = []
        swap(&plain, &plaintext)
        plain.removeAll(keepingCapacity: true)
        defer { plaintext = plain }
        var output: [UInt8] = []
        do {
            try tls.receive(bytes.span, plaintext: &plain, output: &output)
        } catch {
            transmitPlain(output, to: link)
            return didFailTLS(link, error)
        }
        transmitPlain(output, to: link)
        if links[link].state == .securing, tls.isOpen { didSecure(link) }
        plain.withUnsafeMutableBufferPointer { consume(link, $0) }
    }
}
