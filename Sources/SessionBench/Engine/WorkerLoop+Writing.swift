import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// Requests and other frames on their way into sockets.
extension WorkerLoop where Work: ~Copyable {
    /// Sends the requests of a connection that wait, as many in one send as fit the buffer; none while the socket is full.
    @inline(__always)
    mutating func send(_ link: Int) {
        if Work.isCycling { return cycle(link) }
        if Work.isConversing { return converse(link) }
        while links[link].queue.isWaiting, !links[link].isBlocked, links[link].state == .open {
            frames.removeAll()
            repeat {
                let intended = flights.send(from: &links[link].queue, at: now)
                recorder.sent(intended: intended, at: now)
                work.request(links[link].sent, on: link, into: &frames)
                links[link].sent &+= 1
            } while links[link].queue.isWaiting && frames.hasRoom(for: work.requestBytesMax)
            transmit(frames.bytes, to: link)
        }
    }

    /// Sends whole plain frames, or other bytes on a plain HTTP connection, through whatever lies in between.
    @inline(__always)
    mutating func transmit(_ bytes: UnsafeRawBufferPointer, to link: Int) {
        if links[link].isCompressed || links[link].isSecure {
            sendThroughLayers(bytes, of: link)
        } else if links[link].isBlocked {
            keep(bytes, for: link)
        } else {
            put(bytes, into: link)
        }
    }

    /// Gives bytes to a socket that is not blocked, and keeps what it does not take.
    @inline(__always)
    private mutating func put(_ bytes: UnsafeRawBufferPointer, into link: Int) {
        switch Socket.send(links[link].descriptor, bytes) {
        case .sent(let count):
            recorder.transferred(out: count)
            if count < bytes.count { keep(UnsafeRawBufferPointer(rebasing: bytes[count...]), for: link) }
        case .wouldBlock: keep(bytes, for: link)
        case .failed(let code): lose(link, code)
        }
    }

    /// Sends bytes behind whatever waits already, through TLS where there is TLS.
    mutating func transmit(_ bytes: [UInt8], to link: Int) {
        guard !bytes.isEmpty, links[link].descriptor >= 0 else { return }
        if let tls = wires[link].tls {
            var sealed: [UInt8] = []
            do {
                try tls.send(bytes.span, output: &sealed)
            } catch {
                return end(link, "tls")
            }
            return transmitPlain(sealed, to: link)
        }
        transmitPlain(bytes, to: link)
    }

    /// Sends bytes as they are behind whatever waits already.
    mutating func transmitPlain(_ bytes: [UInt8], to link: Int) {
        bytes.withUnsafeBytes { raw in
            if links[link].isBlocked { keep(raw, for: link) } else { put(raw, into: link) }
        }
    }

    /// Sends what the codec wrote.
    @inline(__always)
    mutating func flushOutbox(to link: Int) {
        if outbox.isEmpty { return }
        let bytes = outbox
        outbox = []
        transmit(bytes, to: link)
    }

    @inline(never)
    private mutating func keep(_ bytes: UnsafeRawBufferPointer, for link: Int) {
        if !links[link].isBlocked { recorder.blocked() }
        links[link].isBlocked = true
        wires[link].backlog.append(contentsOf: bytes)
        recorder.backlog(changedBy: bytes.count)
    }

    /// Sends what waits, now that the socket has room.
    @inline(never)
    mutating func unblock(_ link: Int) {
        let backlog = wires[link].backlog
        let start = wires[link].backlogStart
        let result = backlog.withUnsafeBytes { raw in
            Socket.send(links[link].descriptor, UnsafeRawBufferPointer(rebasing: raw[start...]))
        }
        switch result {
        case .wouldBlock: return
        case .failed(let code): return lose(link, code)
        case .sent(let count):
            recorder.transferred(out: count)
            recorder.backlog(changedBy: -count)
            wires[link].backlogStart += count
            guard wires[link].backlogBytes == 0 else { return }
        }
        wires[link].backlog = []
        wires[link].backlogStart = 0
        links[link].isBlocked = false
        readClock()
        send(link)
    }

    /// Sends frames through compression and TLS.
    @inline(never)
    private mutating func sendThroughLayers(_ raw: UnsafeRawBufferPointer, of link: Int) {
        guard links[link].isCompressed else { return transmit(Array(raw), to: link) }
        var bytes = Array(raw)
        var decoder = FrameDecoder(rules: FrameRules(expectsMask: true))
        var cursor = 0
        var messages: [(kind: MessageKind, payload: [UInt8])] = []
        var all = bytes.mutableSpan
        // The frames are our own: each is whole, and none is wrong.
        while let piece = try? decoder.next(&all, from: &cursor) {
            var payload: [UInt8] = []
            payload.append(copying: all.span.extracting(piece.range))
            messages.append((piece.header.opcode == .text ? .text : .binary, payload))
        }
        for message in messages {
            wires[link].connection.send(message.kind, message.payload.span, output: &outbox)
        }
        flushOutbox(to: link)
    }
}
