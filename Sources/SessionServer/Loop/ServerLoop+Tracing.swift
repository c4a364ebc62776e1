import SessionBase
import SessionCodec
import SessionCore

extension ServerLoop {
    /// How often a reader of a quiet connection hears that all is well.
    private static let traceIdleInterval: Duration = .seconds(10)
    /// A reader for whom so much waits gets more when it has read that.
    private static let traceBacklogBytes = 64 * 1024

    // MARK: The traced connection

    /// Lets a reader see the frames of a connection from now on.
    mutating func trace(_ id: ConnectionID, into tap: TraceTap) {
        connections[slot: id.slot].rareState().taps.append(tap)
        connections[slot: id.slot].isTraced = true
    }

    /// Shows a message of a traced connection to those who look on.
    mutating func traced(
        _ direction: TraceLine.Direction, _ kind: MessageKind, _ payload: Span<UInt8>, of id: ConnectionID
    ) {
        let profile = connections[slot: id.slot].profile
        show(
            TraceLine.frame(direction, kind == .text ? .text : .binary, payload, of: profile, at: moment.timestamp),
            of: id)
    }

    /// Shows a Ping or Pong.
    mutating func tracedControl(_ direction: TraceLine.Direction, _ kind: TraceLine.Kind, of id: ConnectionID) {
        guard connections[slot: id.slot].isTraced else { return }
        let empty: [UInt8] = []
        show(TraceLine.frame(direction, kind, empty.span, of: nil, at: moment.timestamp), of: id)
    }

    /// Shows a Close frame.
    mutating func tracedClose(
        _ direction: TraceLine.Direction, _ code: CloseCode, _ reason: String, of id: ConnectionID
    ) {
        guard connections[slot: id.slot].isTraced else { return }
        show(TraceLine.close(direction, code, reason, at: moment.timestamp), of: id)
    }

    private mutating func show(_ line: [UInt8], of id: ConnectionID) {
        let rare = connections[slot: id.slot].rareState()
        rare.taps.removeAll(where: \.isAbandoned)
        connections[slot: id.slot].isTraced = !rare.taps.isEmpty
        for tap in rare.taps where tap.write(line) { node.post(.traced(tap.reader), to: tap.loop) }
    }

    /// Tells those who look on that there is nothing more to see.
    mutating func endTraces(of id: ConnectionID) {
        guard connections[slot: id.slot].isTraced, let rare = connections[slot: id.slot].rare else { return }
        for tap in rare.taps {
            tap.end(TraceLine.closed(connections[slot: id.slot].closeCode ?? .abnormal))
            node.post(.traced(tap.reader), to: tap.loop)
        }
        rare.taps = []
        connections[slot: id.slot].isTraced = false
    }

    // MARK: The reader

    /// Starts to stream what a tap brings.
    mutating func stream(_ tap: TraceTap, _ record: ConnectionRecord, to id: ConnectionID) {
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].startStream(
            HTTPResponse(status: .ok, fields: ["Content-Type": "application/x-ndjson", "Cache-Control": "no-store"])
                .answering(requestID: requestID()), at: moment.timestamp)
        connections[slot: id.slot].rareState().source = tap
        connections[slot: id.slot].phase = .streaming
        connections[slot: id.slot].sendChunk(TraceLine.start(record))
        awaitFrames(id)
        readTap(of: id)
    }

    /// Gives a reader what its tap holds, unless it is still busy with what it got before.
    mutating func readTap(of id: ConnectionID) {
        guard connections.contains(id), connections[slot: id.slot].phase == .streaming,
            let tap = connections[slot: id.slot].rare?.source,
            connections[slot: id.slot].waitingBytes < Self.traceBacklogBytes
        else { return }
        let batch = tap.take()
        guard !batch.lines.isEmpty else { return }
        connections[slot: id.slot].output.prepare(&pool)
        for line in batch.lines { connections[slot: id.slot].sendChunk(line) }
        if batch.isEnded {
            connections[slot: id.slot].endStream()
            leaveStream(id)
            return linger(id)
        }
        awaitFrames(id)
        markDirty(id)
    }

    private mutating func awaitFrames(_ id: ConnectionID) {
        connections[slot: id.slot].phaseDeadline = moment.instant + Self.traceIdleInterval
        schedule(id)
        markDirty(id)
    }

    /// Says that nothing happened, or gives up on a reader that has not read for as long as that.
    mutating func idleStream(_ id: ConnectionID) {
        if connections[slot: id.slot].isStuck(longerThan: configuration.queue.age, at: moment.instant) {
            return lose(id)
        }
        connections[slot: id.slot].output.prepare(&pool)
        connections[slot: id.slot].sendChunk(TraceLine.idle)
        awaitFrames(id)
    }

    /// Takes the tap from a reader that is gone or done.
    mutating func leaveStream(_ id: ConnectionID) {
        guard let rare = connections[slot: id.slot].rare, let tap = rare.source else { return }
        tap.abandon()
        rare.source = nil
        node.endTrace()
    }
}

extension ServerConnection {
    /// Queues the head of an answer whose body comes in chunks.
    mutating func startStream(_ response: HTTPResponse, at timestamp: Timestamp) {
        wire.startStream(response, date: timestamp, output: &output.bytes)
    }

    /// Queues a part of that body.
    mutating func sendChunk(_ bytes: [UInt8]) { HTTPChunk.append(bytes.span, to: &output.bytes) }

    /// Queues the end of that body.
    mutating func endStream() { HTTPChunk.appendEnd(to: &output.bytes) }
}
