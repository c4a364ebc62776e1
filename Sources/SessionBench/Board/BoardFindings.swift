import SessionBase

/// What only loads on whiteboard rooms find, read from the sums of all workers.
enum BoardFindings {
    /// The findings of a run, in the order of ``Metric/findings``.
    static func all(in total: Interval, of plan: LoadPlan, _ load: BoardLoad) -> [Finding] {
        let board = total.board
        // Each worker measures as long as the run does.
        let seconds = total.generator.elapsed / .seconds(1) / Double(plan.workers)
        guard seconds > 0, plan.connections > 0 else { return [] }
        func perMember(_ count: UInt64) -> Double { Double(count) / seconds / Double(plan.connections) }
        var found = [
            Finding(
                "member_bytes", "a second to each member, as it came from the socket",
                perMember(total.counts.bytesIn &- total.counts.bytesInLate), unit: "bytes"),
            Finding(
                "member_messages", "boards and patches to each member", perMember(board.snapshots &+ board.patches),
                unit: "per_second"),
            Finding("snapshots", "whole boards to each member", perMember(board.snapshots), unit: "per_second"),
        ]
        if load.mode == .v2 {
            found.append(Finding("patches", "patches to each member", perMember(board.patches), unit: "per_second"))
        }
        return found + conflated(total, board) + faults(board, load)
    }

    /// What members never saw because a later value had replaced it.
    private static func conflated(_ total: Interval, _ board: BoardCounts) -> [Finding] {
        func ratio(_ part: UInt64, of whole: UInt64) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
        let moves = board.moves &+ board.conflatedMoves
        return [
            Finding(
                "conflated_changes", "of the changes a member saw by a later one of the shape alone",
                ratio(board.conflatedChanges, of: total.counts.delivered), unit: "ratio"),
            Finding(
                "conflated_moves", "of the moves a member saw by a later one of the cursor alone",
                ratio(board.conflatedMoves, of: moves), unit: "ratio"),
        ]
    }

    /// What is wrong with versions, and with the members' boards at the end.
    private static func faults(_ board: BoardCounts, _ load: BoardLoad) -> [Finding] {
        let gaps = Finding("gaps", "versions that members were not told of", Double(board.gaps), unit: "count")
        let boards = "shapes of the \(Figures.grouped(board.compared)) boards that were compared at the end were"
        return (load.mode == .v2 ? [gaps] : []) + [
            Finding("missing", "\(boards) missing", Double(board.missing), unit: "count"),
            Finding("extra", "\(boards) too many", Double(board.extra), unit: "count"),
            Finding("different", "\(boards) not as they were written", Double(board.different), unit: "count"),
        ]
    }
}
