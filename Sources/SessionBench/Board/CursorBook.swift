import SessionBase

/// Which member of a room has seen which moves of the others' cursors.
///
/// Moves of a cursor are numbered from 1 on, and who sees one has seen all before it. A move is over once every other
/// member that is there has seen it. The last ones of each cursor are kept; one that is older and not over is lost.
struct CursorBook {
    private struct Move {
        var flight: Flight
        /// Members that have not seen it.
        var waiting: UInt32
    }

    private let members: Int
    /// How many moves of each cursor are kept; a power of two.
    private let depth: Int
    private var moves: [Move]
    /// How often each cursor was moved.
    private var last: [UInt32]
    /// What each member has seen of each cursor, member after member.
    private var seen: [UInt32]
    private var isGone: [Bool]
    private var present: Int
    /// How many moves are not over.
    private(set) var underWay = 0

    /// Begins with cursors that nobody has moved.
    ///
    /// - Parameter depth: How many moves of each are waited for; rounded up to a power of two.
    init(members: Int, depth: Int) {
        self.members = members
        self.depth = 1 << (Int.bitWidth - max(1, depth - 1).leadingZeroBitCount)
        let nothing = Move(flight: Flight(intended: .zero, sent: .zero), waiting: 0)
        moves = Array(repeating: nothing, count: members * self.depth)
        last = Array(repeating: 0, count: members)
        seen = Array(repeating: 0, count: members * members)
        isGone = Array(repeating: false, count: members)
        present = members
    }

    @inline(__always)
    private func place(_ number: UInt32, of mover: Int) -> Int { mover * depth + Int(number) & (depth - 1) }

    /// Adds a move of a cursor.
    ///
    /// - Returns: Its number.
    mutating func begin(_ flight: Flight, of mover: Int, _ recorder: inout Recorder) -> UInt32 {
        let number = advance(mover, &recorder)
        let others = UInt32(max(0, present - (isGone[mover] ? 0 : 1)))
        moves[place(number, of: mover)] = Move(flight: flight, waiting: others)
        if others > 0 { underWay += 1 } else { recorder.received(flight, at: flight.sent, isTimed: false) }
        return number
    }

    /// Adds a move that nobody waits for.
    ///
    /// - Returns: Its number.
    mutating func mark(_ mover: Int, _ recorder: inout Recorder) -> UInt32 {
        let number = advance(mover, &recorder)
        moves[place(number, of: mover)].waiting = 0
        return number
    }

    private mutating func advance(_ mover: Int, _ recorder: inout Recorder) -> UInt32 {
        last[mover] += 1
        let place = place(last[mover], of: mover)
        if moves[place].waiting > 0 {
            underWay -= 1
            recorder.lost(moves[place].flight)
        }
        return last[mover]
    }

    /// The last move that a member has seen of a cursor.
    func seen(_ mover: Int, by member: Int) -> UInt32 { seen[member * members + mover] }

    /// Notes that a member sees a cursor where it was after a move.
    ///
    /// - Returns: Whether that can be: not where the member saw it later, or it was never there.
    @inline(__always)
    mutating func see(
        _ number: UInt32, of mover: Int, by member: Int, at now: Instant, _ recorder: inout Recorder
    ) -> Bool {
        let before = seen[member * members + mover]
        guard number != before else { return true }
        guard number > before, number <= last[mover] else { return false }
        seen[member * members + mover] = number
        if member != mover { deliver(number, behind: before, of: mover, at: now, &recorder) }
        return true
    }

    private mutating func deliver(
        _ number: UInt32, behind before: UInt32, of mover: Int, at now: Instant, _ recorder: inout Recorder
    ) {
        let first = max(before + 1, number >= UInt32(depth) ? number - UInt32(depth) + 1 : 1)
        for passed in first...number {
            let place = place(passed, of: mover)
            guard moves[place].waiting > 0 else { continue }
            let flight = moves[place].flight
            if recorder.counts(flight.intended) {
                if passed == number {
                    recorder.part(BoardPart.cursor, of: flight, at: now)
                    recorder.board { $0.moves &+= 1 }
                } else {
                    recorder.board { $0.conflatedMoves &+= 1 }
                }
            }
            release(place, at: now, &recorder)
        }
    }

    private mutating func release(_ place: Int, at now: Instant, _ recorder: inout Recorder) {
        moves[place].waiting -= 1
        guard moves[place].waiting == 0 else { return }
        underWay -= 1
        recorder.received(moves[place].flight, at: now, isTimed: false)
    }

    /// Waits for a member no longer.
    mutating func leave(_ member: Int, at now: Instant, _ recorder: inout Recorder) {
        guard !isGone[member] else { return }
        isGone[member] = true
        present -= 1
        for mover in 0..<members where mover != member {
            let (before, end) = (seen[member * members + mover], last[mover])
            guard end > before else { continue }
            for number in max(before + 1, end >= UInt32(depth) ? end - UInt32(depth) + 1 : 1)...end {
                let place = place(number, of: mover)
                if moves[place].waiting > 0 { release(place, at: now, &recorder) }
            }
        }
    }

    /// Counts the moves that are not over as lost.
    func settle(_ recorder: inout Recorder) {
        for move in moves where move.waiting > 0 { recorder.lost(move.flight) }
    }
}
