import SessionBase
import SessionCodec
import SessionCore
import SessionIO

/// How one connection gets what its groups were sent.
extension ServerConnection {
    /// What became of frames that go into many sockets.
    enum SharedSend {
        /// They went, or had gone before.
        case done
        /// This connection needs them in another way.
        case unfit
        /// The socket took less than all.
        case blocked
        case lost
    }

    /// Sends a group's frames straight from where they lie; what the socket does not take is queued.
    ///
    /// - Parameters:
    ///   - group: What they are.
    ///   - turn: The positions of everything that is being handed out.
    ///   - isAlone: Whether no other group was sent anything.
    mutating func send(
        shared frames: Span<UInt8>, of group: Fanout.Group, in turn: Range<UInt64>, isAlone: Bool, at now: Instant,
        pool: inout BufferPool
    ) -> SharedSend {
        guard phase == .webSocket, position < turn.upperBound else { return .done }
        guard takesSharedFrames, !isWriting, !isSkipping, position <= turn.lowerBound, isAlone || groupCount == 1,
            output.isEmpty
        else { return .unfit }
        messagesOut &+= UInt32(truncatingIfNeeded: group.frameCount)
        let taken: Int
        switch Socket.send(descriptor, frames) {
        case .sent(let count):
            bytesOut &+= UInt64(count)
            if count == frames.count { return .done }
            taken = count
        case .wouldBlock: taken = 0
        case .failed: return .lost
        }
        output.prepare(&pool)
        output.append(frames.extracting(taken..<frames.count))
        output.block(at: now)
        if group.yields { output.letWait() }
        return .blocked
    }

    /// Whether the frames of its groups may go into its socket as they are.
    private var takesSharedFrames: Bool { isPlain && !isTraced }

    /// Queues the frames that this connection misses, or holds them where its socket takes nothing now.
    ///
    /// - Parameters:
    ///   - membership: A bit for each group of the turn that it is in.
    ///   - bytesMax: How much may wait for it.
    mutating func take(
        _ turn: inout Fanout, _ membership: UInt32, at now: Instant, bytesMax: Int, pool: inout BufferPool
    ) -> HeldMessages.Losses {
        var losses = HeldMessages.Losses()
        output.prepare(&pool)
        var mayWait = output.isEmpty
        for index in turn.frames.indices where turn.misses(turn.frames[index], behind: position, in: membership) {
            if skips(turn.frames[index].policy) {
                isSkipping = true
                losses.skipped += 1
            } else if isWriting {
                let lost = hold(turn.held(index), turn.frames[index].policy, at: now, bytesMax: bytesMax)
                losses.dropped += lost.dropped
                losses.conflated += lost.conflated
            } else {
                mayWait = mayWait && turn.frames[index].policy != .disconnect
                queue(index, of: &turn)
            }
        }
        if mayWait { output.letWait() }
        position = turn.end
        return losses
    }

    /// Whether a message of a policy passes this connection by.
    private func skips(_ policy: OverflowPolicy) -> Bool { policy == .skip && (isWriting || isSkipping) }

    /// Queues a frame, as it is or compressed; who has the same parameters gets the same bytes.
    private mutating func queue(_ index: Int, of turn: inout Fanout) {
        let frame = turn.frames[index]
        guard wire.compresses(bytes: frame.payload.count) else {
            messagesOut &+= 1
            return output.append(turn.bytes.span.extracting(frame.range))
        }
        let key = wire.compressionKey
        if let key, let made = frame.compressed.first(where: { $0.key == key }) { return send(framed: made.bytes) }
        if let made = sendCompressed(frame.kind, turn.bytes.span.extracting(frame.payload)) {
            turn.frames[index].compressed.append(made)
        }
    }

    /// Keeps a message until the socket takes something again.
    mutating func hold(
        _ message: HeldMessage, _ policy: OverflowPolicy, at now: Instant, bytesMax: Int
    ) -> HeldMessages.Losses {
        let rare = rareState()
        let room = max(0, bytesMax - output.count - rare.encrypted.count)
        return rare.held.add(message, policy, at: now, room: room)
    }

    /// Whether messages are held, so that another one has to wait behind them.
    var holdsMessages: Bool { isWriting && !(rare?.held.isEmpty ?? true) }

    /// Queues held messages, the oldest first, up to about `bytesMax` bytes of them.
    ///
    /// - Returns: Whether there were any.
    mutating func releaseHeld(_ pool: inout BufferPool, bytesMax: Int = 64 * 1024) -> Bool {
        guard holdsMessages, phase == .webSocket, let rare else { return false }
        output.prepare(&pool)
        var mayWait = output.isEmpty
        while output.count < bytesMax, let (message, yields) = rare.held.removeFirst() {
            output.makeRoom(for: message.frame.count)
            mayWait = mayWait && yields
            if wire.compresses(bytes: message.frame.count - message.headerBytes) {
                send(message.kind, message.frame.span.extracting(message.headerBytes...))
            } else {
                send(framed: message.frame)
            }
        }
        if mayWait { output.letWait() }
        return true
    }
}
