import SessionBase
import SessionCodec

/// Kiosks that join a room and leave it again, one request each way.
struct KioskMoves {
    /// A kiosk on its way.
    struct Move {
        var flight: Flight
        /// The connection whose request it is.
        var requester: Int
        var isJoining: Bool
    }

    /// The longest frame of a join, which all names fit in.
    static let bytesMax = 256

    private let maskKey: UInt32
    /// Those that are neither joining nor leaving, the one that has waited longest first.
    private var free: RequestQueue<Int>
    private var isInside: [Int: Bool] = [:]
    private var moves: [Int: Move] = [:]
    private var gone: Set<Int> = []

    /// Lets these kiosks move.
    init(_ kiosks: [Int], _ share: WorkerShare) {
        var random = SeededRandom(seed: share.plan.seed)
        maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        free = RequestQueue()
        for kiosk in kiosks { free.append(kiosk) }
    }

    /// How many are on their way.
    var underWay: Int { moves.count }

    /// Takes the kiosk that moves next; `nil` where all are on their way.
    mutating func takeFree() -> Int? {
        while let kiosk = free.removeFirst() {
            if !gone.contains(kiosk) { return kiosk }
        }
        return nil
    }

    /// Lets a kiosk join its room, or leave it where it is in.
    mutating func begin(_ flight: Flight, of kiosk: Int, for requester: Int, room: String, _ desk: inout Desk) {
        let isJoining = !(isInside[kiosk] ?? false)
        moves[kiosk] = Move(flight: flight, requester: requester, isJoining: isJoining)
        let message: LockersClientMessage = isJoining ? .joinRoom(room) : .leaveRoom(room)
        let payload = message.encoded(tag: nil)
        var frame: [UInt8] = []
        let header = FrameHeader(opcode: .text, payloadBytes: payload.count, maskKey: maskKey)
        FrameEncoder.append(header, payload.span, to: &frame)
        let start = desk.frames.append(frame)
        desk.send(to: kiosk, from: start)
    }

    /// Ends a kiosk's move.
    ///
    /// - Returns: `nil` where it was not on its way.
    mutating func end(_ kiosk: Int) -> Move? {
        guard let move = moves.removeValue(forKey: kiosk) else { return nil }
        isInside[kiosk] = move.isJoining
        free.append(kiosk)
        return move
    }

    /// Ends the move of a kiosk that is gone, and begins none of it any more.
    mutating func lose(_ kiosk: Int) -> Move? {
        gone.insert(kiosk)
        return end(kiosk)
    }

    /// Ends the moves that began before a time.
    mutating func takeExpired(before limit: Instant) -> [Move] {
        moves.filter { $0.value.flight.sent < limit }.map(\.key).sorted().compactMap { end($0) }
    }
}
