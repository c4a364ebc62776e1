import SessionBase

/// Which member of a room has seen which changes of its shapes.
///
/// Changes of a shape are numbered from 1 on; 0 is the shape as it was made. Who sees a change has seen all before it: a
/// later one replaces what a member had no time for. A change is over once every member that is there has seen it and,
/// where the server acknowledges, the acknowledgement came.
struct ChangeBook {
    /// A change that is not over.
    private struct Change {
        var flight: Flight
        var number: UInt32
        /// Members that have not seen it.
        var waiting: Int
        var isAcknowledged: Bool

        var isOver: Bool { waiting == 0 && isAcknowledged }
    }

    private let shapes: Int
    private let members: Int
    private let isAcknowledging: Bool
    /// What each member has seen of each shape, member after member, and whether it has the shape at all.
    private var seen: [UInt32]
    private var has: [Bool]
    private var counts: [Int]
    private var isGone: [Bool]
    private var present: Int
    /// The last change of each shape, those that were refused included, and what must be there in the end.
    private var last: [UInt32]
    private(set) var written: [UInt32]
    /// The changes of each shape that are not over, the oldest first.
    private var pending: [[Change]]
    /// The shapes with such, in no order.
    private(set) var open: [Int] = []
    /// How many changes are not over.
    private(set) var underWay = 0

    /// Begins with members who have seen no shape.
    ///
    /// - Parameter isAcknowledging: Whether the server acknowledges changes.
    init(shapes: Int, members: Int, isAcknowledging: Bool) {
        self.shapes = shapes
        self.members = members
        self.isAcknowledging = isAcknowledging
        seen = Array(repeating: 0, count: shapes * members)
        has = Array(repeating: false, count: shapes * members)
        counts = Array(repeating: 0, count: members)
        isGone = Array(repeating: false, count: members)
        present = members
        last = Array(repeating: 0, count: shapes)
        written = last
        pending = Array(repeating: [], count: shapes)
    }

    // MARK: Members

    /// Whether a member has all shapes.
    func isWhole(at member: Int) -> Bool { counts[member] == shapes }

    /// Whether a member is there.
    func isPresent(_ member: Int) -> Bool { !isGone[member] }

    /// The last change that a member has seen of a shape.
    func seen(_ shape: Int, at member: Int) -> UInt32 { seen[member * shapes + shape] }

    /// Whether a member lacks a change of a shape.
    @inline(__always)
    func isBehind(_ shape: Int, at member: Int) -> Bool { seen[member * shapes + shape] < last[shape] }

    // MARK: Changes

    /// Adds a change of a shape.
    ///
    /// - Returns: Its number.
    mutating func begin(_ flight: Flight, of shape: Int) -> UInt32 {
        last[shape] += 1
        written[shape] = last[shape]
        if pending[shape].isEmpty { open.append(shape) }
        pending[shape].append(
            Change(flight: flight, number: last[shape], waiting: present, isAcknowledged: !isAcknowledging))
        underWay += 1
        return last[shape]
    }

    /// Notes that a member has a shape as it was after a change.
    ///
    /// - Parameter author: Who changes the shape.
    /// - Returns: Whether that can be: not where the member had a later one, or nobody made the change.
    mutating func see(
        _ number: UInt32, of shape: Int, by member: Int, author: Int, at now: Instant, _ recorder: inout Recorder
    ) -> Bool {
        let place = member * shapes + shape
        if !has[place] {
            has[place] = true
            counts[member] += 1
        }
        let before = seen[place]
        guard number != before else { return true }
        guard number > before, number <= last[shape] else { return false }
        seen[place] = number
        for index in pending[shape].indices {
            let change = pending[shape][index]
            guard change.number > before, change.number <= number else { continue }
            pending[shape][index].waiting -= 1
            deliver(change, isConflated: change.number < number, isAuthor: member == author, at: now, &recorder)
        }
        sweep(shape, at: now, &recorder)
        return true
    }

    private func deliver(
        _ change: Change, isConflated: Bool, isAuthor: Bool, at now: Instant, _ recorder: inout Recorder
    ) {
        guard recorder.counts(change.flight.intended) else { return }
        recorder.delivered(at: now)
        if isConflated { recorder.board { $0.conflatedChanges &+= 1 } }
        if isAuthor { recorder.part(BoardPart.author, of: change.flight, at: now) }
        if change.waiting == 1 { recorder.part(BoardPart.last, of: change.flight, at: now) }
    }

    /// Notes that a member lacks a shape that it had.
    mutating func miss(_ shape: Int, at member: Int) {
        guard has[member * shapes + shape] else { return }
        has[member * shapes + shape] = false
        counts[member] -= 1
    }

    /// Notes that the server has taken a change.
    ///
    /// - Returns: Whether there is such a change, and none like it was taken before.
    mutating func acknowledge(
        _ number: UInt32, of shape: Int, at now: Instant, _ recorder: inout Recorder
    ) -> Bool {
        guard let index = index(of: number, shape), !pending[shape][index].isAcknowledged else { return false }
        pending[shape][index].isAcknowledged = true
        recorder.part(BoardPart.ack, of: pending[shape][index].flight, at: now)
        sweep(shape, at: now, &recorder)
        return true
    }

    /// Takes a change back that the server has refused.
    ///
    /// - Returns: `nil` where there is no such change.
    mutating func refuse(_ number: UInt32, of shape: Int) -> Flight? {
        guard let index = index(of: number, shape) else { return nil }
        if written[shape] == number { written[shape] = number - 1 }
        underWay -= 1
        let flight = pending[shape].remove(at: index).flight
        if pending[shape].isEmpty { open.removeAll { $0 == shape } }
        return flight
    }

    private func index(of number: UInt32, _ shape: Int) -> Int? {
        guard pending.indices.contains(shape) else { return nil }
        return pending[shape].firstIndex { $0.number == number }
    }

    /// Ends the changes of a shape that are over.
    private mutating func sweep(_ shape: Int, at now: Instant, _ recorder: inout Recorder) {
        guard pending[shape].contains(where: \.isOver) else { return }
        for change in pending[shape] where change.isOver {
            underWay -= 1
            recorder.received(change.flight, at: now)
        }
        pending[shape].removeAll(where: \.isOver)
        if pending[shape].isEmpty { open.removeAll { $0 == shape } }
    }

    // MARK: End

    /// Waits for a member no longer; what it has not seen never reached it.
    mutating func leave(_ member: Int, at now: Instant, _ recorder: inout Recorder) {
        guard !isGone[member] else { return }
        isGone[member] = true
        present -= 1
        for shape in open {
            for index in pending[shape].indices where pending[shape][index].number > seen[member * shapes + shape] {
                pending[shape][index].waiting -= 1
                guard recorder.counts(pending[shape][index].flight.intended) else { continue }
                recorder.count { $0.undelivered &+= 1 }
            }
            sweep(shape, at: now, &recorder)
        }
    }

    /// Counts the changes that are not over as lost.
    func settle(_ recorder: inout Recorder) {
        for change in open.flatMap({ pending[$0] }) where recorder.counts(change.flight.intended) {
            recorder.lost(change.flight)
            recorder.count { $0.undelivered &+= UInt64(change.waiting) }
        }
    }
}
