import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

/// The books of a board load by themselves.
@Suite struct BoardPartsTests {
    private static func share(members: Int, rooms: Int, workers: Int = 1, index: Int = 0) -> (WorkerShare, BoardLoad) {
        var load = BoardLoad(.seed)
        (load.rooms, load.shapes) = (rooms, 10)
        var plan = LoadPlan(targets: [Endpoint(address: .host("h", port: 1))], workload: .board(load))
        (plan.connections, plan.threads) = (members, workers)
        plan.arrival = .open(RateProfile(constant: 1))
        return (WorkerShare(plan: plan, index: index), load)
    }

    private static func flight(_ milliseconds: Int64) -> Flight {
        let time = Instant.zero + .milliseconds(milliseconds)
        return Flight(intended: time, sent: time)
    }

    private static func recorder() -> Recorder {
        var recorder = Recorder(share(members: 3, rooms: 1).0.plan)
        recorder.start(at: .zero, warmUp: .zero, keepsOpening: true)
        return recorder
    }

    // MARK: Roster

    @Test(arguments: [(1, 1, 1), (7, 3, 1), (10, 4, 2), (9, 5, 3)])
    func `every member is in one room, and its user's name leads back to it`(members: Int, rooms: Int, workers: Int) {
        var names: Set<String> = []
        var seen = 0
        for index in 0..<workers {
            let (share, load) = Self.share(members: members, rooms: rooms, workers: workers, index: index)
            let roster = BoardRoster(share, load, moment: 5)
            for connection in 0..<roster.connections {
                let (room, member) = roster.place(of: connection)
                #expect(roster.connection(of: member, in: room) == connection)
                #expect(member < roster.members(in: room))
                let user = roster.user(of: connection)
                #expect(roster.member(ofUser: UInt64(user.suffix(8)) ?? .max, in: room) == member)
                names.insert(roster.name(ofRoom: room))
                seen += 1
            }
            #expect(roster.member(ofUser: UInt64(members), in: 0) == nil)
        }
        #expect(seen == members && names.count == rooms)
    }

    @Test func `changes are as frequent as was asked, and members change at different times`() {
        let (share, load) = Self.share(members: 50, rooms: 1)
        let roster = BoardRoster(share, load, moment: 5)
        for member in [0, 17, 49] {
            #expect((0..<3100).count { roster.isChange($0, of: member, in: 0) } == 100)
        }
        let first = (0..<50).map { member in (0..<31).first { roster.isChange($0, of: member, in: 0) } }
        #expect(Set(first).count == 31)
    }

    @Test func `each shape is changed by one member, and each member goes round its own`() {
        let (share, load) = Self.share(members: 3, rooms: 1)
        let roster = BoardRoster(share, load, moment: 5)
        #expect((0..<5).map { roster.shape(of: $0, by: 0, in: 0) } == [0, 3, 6, 9, 0])
        #expect((0..<4).map { roster.shape(of: $0, by: 2, in: 0) } == [2, 5, 8, 2])
        for member in 0..<3 { #expect(roster.owner(of: roster.shape(of: 7, by: member, in: 0), in: 0) == member) }
    }

    @Test func `runs at different moments have different rooms`() {
        let (share, load) = Self.share(members: 3, rooms: 1)
        let names = (0..<9).map { BoardRoster(share, load, moment: $0).name(ofRoom: 0) }
        #expect(Set(names).count == 9)
    }

    // MARK: Changes

    @Test func `a change is over when the last member has seen it or a later one`() {
        var (book, recorder) = (ChangeBook(shapes: 4, members: 3, isAcknowledging: false), Self.recorder())
        #expect(book.begin(Self.flight(0), of: 2) == 1)
        #expect(book.begin(Self.flight(10), of: 2) == 2)
        let now = Instant.zero + .milliseconds(30)
        for (member, number) in [(0, 1), (0, 2), (1, 2)] as [(Int, UInt32)] {
            #expect(book.see(number, of: 2, by: member, author: 1, at: now, &recorder))
        }
        #expect(book.underWay == 2 && book.open == [2] && book.isBehind(2, at: 2) && !book.isBehind(2, at: 1))
        #expect(book.see(2, of: 2, by: 2, author: 1, at: now, &recorder))
        #expect(book.underWay == 0 && book.open.isEmpty && book.written == [0, 0, 2, 0])
        let interval = recorder.interval
        #expect(interval.counts.received == 2 && interval.counts.delivered == 6)
        #expect(interval.board.conflatedChanges == 2)
        #expect(interval.operations[BoardPart.author].response.count == 2)
        #expect(interval.operations[BoardPart.last].response.count == 2)
    }

    @Test func `what cannot be is told`() {
        var (book, recorder) = (ChangeBook(shapes: 1, members: 2, isAcknowledging: false), Self.recorder())
        _ = book.begin(Self.flight(0), of: 0)
        #expect(!book.see(2, of: 0, by: 0, author: 0, at: .zero, &recorder))
        #expect(book.see(1, of: 0, by: 0, author: 0, at: .zero, &recorder))
        #expect(book.see(1, of: 0, by: 0, author: 0, at: .zero, &recorder))
        #expect(!book.see(0, of: 0, by: 0, author: 0, at: .zero, &recorder))
        #expect(!book.acknowledge(9, of: 0, at: .zero, &recorder))
        #expect(!book.acknowledge(1, of: 7, at: .zero, &recorder))
        #expect(book.refuse(1, of: 3) == nil)
    }

    @Test func `who leaves is waited for no longer, and what it lacks never reached it`() {
        var (book, recorder) = (ChangeBook(shapes: 1, members: 2, isAcknowledging: false), Self.recorder())
        _ = book.begin(Self.flight(0), of: 0)
        #expect(book.see(1, of: 0, by: 1, author: 1, at: .zero, &recorder))
        book.leave(0, at: .zero, &recorder)
        book.leave(0, at: .zero, &recorder)
        #expect(book.underWay == 0 && recorder.interval.counts.undelivered == 1)
        #expect(book.begin(Self.flight(1), of: 0) == 2)
        #expect(book.see(2, of: 0, by: 1, author: 1, at: .zero, &recorder))
        #expect(book.underWay == 0 && recorder.interval.counts.received == 2)
    }

    // MARK: Cursors

    @Test func `a move is over when all others have seen it or a later one`() {
        var (book, recorder) = (CursorBook(members: 3, depth: 4), Self.recorder())
        for number in 1...3 as ClosedRange<UInt32> { #expect(book.begin(Self.flight(0), of: 0, &recorder) == number) }
        #expect(book.see(3, of: 0, by: 0, at: .zero, &recorder))
        #expect(book.underWay == 3)
        #expect(book.see(3, of: 0, by: 1, at: .zero, &recorder))
        #expect(book.see(2, of: 0, by: 2, at: .zero, &recorder) && book.underWay == 1)
        #expect(!book.see(1, of: 0, by: 2, at: .zero, &recorder) && !book.see(4, of: 0, by: 2, at: .zero, &recorder))
        #expect(book.see(3, of: 0, by: 2, at: .zero, &recorder) && book.underWay == 0)
        let interval = recorder.interval
        #expect(interval.board.moves == 3 && interval.board.conflatedMoves == 3 && interval.counts.received == 3)
        #expect(interval.operations[BoardPart.cursor].response.count == 3)
    }

    @Test func `a move that is older than those that are kept is lost`() {
        var (book, recorder) = (CursorBook(members: 2, depth: 4), Self.recorder())
        for _ in 0..<6 { _ = book.begin(Self.flight(0), of: 0, &recorder) }
        #expect(recorder.interval.counts.lost == 2 && book.underWay == 4)
        #expect(book.see(6, of: 0, by: 1, at: .zero, &recorder) && book.underWay == 0)
        #expect(recorder.interval.counts.received == 4)
    }

    // MARK: Layout

    @Test func `a shape is found where it stood, and nowhere else`() {
        var names = ShapeNames(count: 2)
        let text = Array(#"{"shapes":[{"id":"abc","x":1000001,"y":0},{"id":"defg","x":1000002,"y":1}]}"#.utf8)
        let start = 11
        var layout = ShapeLayout(count: 2)
        names.learn(JSONText(start: 18, count: 3), of: 0, in: text.span)
        names.learn(JSONText(start: 49, count: 4), of: 1, in: text.span)
        layout.learn(0, id: 18, number: 27, from: start)
        layout.learn(1, id: 49, number: 59, from: start)
        #expect(layout.x(of: 0, names, in: text.span, from: start) == 1_000_001)
        #expect(layout.x(of: 1, names, in: text.span, from: start) == 1_000_002)
        #expect(layout.x(of: 1, names, in: text.span, from: start - 1) == nil)
        let cut = Array(text.prefix(60))
        #expect(layout.x(of: 1, names, in: cut.span, from: start) == nil)
        layout.forget(0)
        #expect(layout.x(of: 0, names, in: text.span, from: start) == nil)
        #expect(names.isComplete && names.shape(JSONText(start: 49, count: 4), in: text.span) == 1)
        #expect(names.shape(JSONText(start: 49, count: 3), in: text.span) == nil)
    }

    @Test func `a board is right only with all shapes in their order, as they were made and written`() throws {
        var (share, load) = Self.share(members: 1, rooms: 1)
        load.shapes = 2
        share.plan.workload = .board(load)
        var (room, recorder) = (BoardRoom(0, BoardRoster(share, load, moment: 1), depth: 4), Self.recorder())
        func shape(_ y: Int, x: Int = 1_000_000, rotation: Int = 0) -> String {
            ##"{"id":"id\##(y)","type":"rectangle","x":\##(x),"y":\##(y),"width":150,"height":100,"userId":"##
                + "\"\(room.roster.user(of: 0))\""
                + ##","timestamp":"t","text":"Hello World","fill":"#3b82f6","stroke":"#1d4ed8","rotation":\##(rotation)}"##
        }
        func board(_ shapes: String...) -> [UInt8] {
            Array(#"{"connectedUsers":[],"cursors":[],"shapes":[\#(shapes.joined(separator: ","))]}"#.utf8)
        }
        let first = board(shape(0), shape(1))
        #expect(room.hear(first.span, by: 0, at: .zero, &recorder)?.hasBoard == true)
        #expect(room.isReady(0) && recorder.interval.counts.wrong == 0)
        _ = room.changes.begin(Self.flight(0), of: 1)
        let changed = shape(1, x: 1_000_001)
        let cases: [([UInt8], BoardCheck)] = [
            (board(shape(0), changed), BoardCheck()),
            (first, BoardCheck(different: 1)),
            (board(shape(0, rotation: 90), changed), BoardCheck(different: 1)),
            (board(changed, shape(0)), BoardCheck(different: 1)),
            (board(changed), BoardCheck(missing: 1)),
            (board(shape(0), changed, changed), BoardCheck(extra: 1)),
            (board(shape(0), changed, shape(2)), BoardCheck(extra: 1)),
            (board(), BoardCheck(missing: 2)),
        ]
        for (text, check) in cases {
            let found = BoardCheck.compare(text.span, with: room)
            #expect(found == check, "\(String(decoding: text, as: UTF8.self))")
        }
        let broken = Array(first.dropLast())
        let nothing = BoardCheck.compare(broken.span, with: room)
        #expect(nothing == nil)
        // What stands in its place is read there, and what has moved is found by reading all.
        let moved = board(shape(0, rotation: 180), changed)
        #expect(room.hear(moved.span, by: 0, at: .zero, &recorder) != nil)
        #expect(room.changes.underWay == 0 && recorder.interval.counts.wrong == 0)
    }
}
