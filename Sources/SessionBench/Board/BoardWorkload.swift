import SessionBase
import SessionCodec
import SessionIO

/// Members of whiteboard rooms: each moves its cursor, changes shapes of its own, and sees what all do.
///
/// A change is over once the last member of the room has seen it, and its latency is that of this member; a move of a cursor
/// is over once all others have seen it or a later one. At the end each member's whole board is compared with what was
/// written last: in seed mode the one that a last move of a cursor brings, in the second version the one that each asks for,
/// beside what its patches have made of its own.
struct BoardWorkload: Conversation, ~Copyable {
    /// How the end of a room goes: once nothing is under way any more, boards are asked for and compared.
    private enum Ending {
        case waiting, asking
        /// Only boards that show this move of a cursor, or a later one, have everything; in the second version, where each
        /// board was asked for, move 0.
        case asked(mover: Int, move: UInt32)
    }

    /// Moves of a cursor that are waited for, at the most.
    private static let depthMax = 4096

    private let roster: BoardRoster
    private let opening: BoardOpening
    private let mode: BoardLoad.Mode
    private let maskKey: UInt32
    private let patience: Duration
    private var rooms: [BoardRoom]
    /// How many requests each connection has begun, and how many of them changed shapes.
    private var turns: [Int]
    private var changeTurns: [Int]
    /// When the end began; `nil` before.
    private var concludedAt: Instant?
    private var endings: [Ending]
    /// Connections that are to ask for boards.
    private var asking: [Int] = []
    /// Whether a connection's board was compared, or its member is gone.
    private var isChecked: [Bool]
    private var uncheckedCount: Int

    /// Prepares a share of a run.
    ///
    /// - Throws: ``TokenKeyError`` for a secret that no server takes either.
    init(_ share: WorkerShare, _ load: BoardLoad) throws(TokenKeyError) {
        let moment = SystemClock.wallNanoseconds()
        let roster = BoardRoster(share, load, moment: UInt64(bitPattern: moment))
        self.roster = roster
        opening = try BoardOpening(share, roster, wallMilliseconds: moment / 1_000_000)
        mode = load.mode
        var random = SeededRandom(seed: share.plan.seed)
        maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        patience = share.plan.timeout / 2
        let depth = min(Self.depthMax, Int(load.cursorRate * (share.plan.timeout / .seconds(1))) + 2)
        rooms = (0..<roster.rooms).map { BoardRoom($0, roster, depth: depth) }
        turns = Array(repeating: 0, count: roster.connections)
        changeTurns = turns
        endings = Array(repeating: .waiting, count: roster.rooms)
        isChecked = Array(repeating: false, count: roster.connections)
        uncheckedCount = roster.connections
    }

    /// A message is large, and what is due must not wait behind all of them.
    static var eventsPerTurn: Int { 4 }

    var subprotocols: [String] { opening.subprotocols }
    var requiredSubprotocol: String? { opening.requiredSubprotocol }
    var requestBytesMax: Int { BoardWords.bytesMax }
    var underWay: Int { rooms.reduce(0) { $0 + $1.underWay } }
    /// The boards that are still to be compared.
    var owed: Int { concludedAt == nil ? 0 : uncheckedCount }

    // MARK: Opening

    func handshake(of connection: Int) -> HandshakePart { opening.handshake(of: connection) }

    mutating func greeting(of connection: Int) -> [Greeting]? { opening.greeting(of: connection) }

    mutating func greeted(
        by message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) -> GreetingAnswer {
        let (room, member) = roster.place(of: connection)
        let news = rooms[room].hear(message, by: member, at: desk.now, &recorder)
        return opening.answer(news, message, rooms[room], member: member)
    }

    // MARK: Requests

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let (room, member) = roster.place(of: connection)
        defer { turns[connection] += 1 }
        if roster.isChange(turns[connection], of: member, in: room) {
            let shape = roster.shape(of: changeTurns[connection], by: member, in: room)
            changeTurns[connection] += 1
            let number = rooms[room].changes.begin(flight, of: shape)
            let tag = mode == .v2 ? BoardWords.tag(number, of: shape) : nil
            say(BoardWords.change(rooms[room].names.ids[shape], number, tag: tag), on: connection, &desk)
        } else {
            let number = rooms[room].cursors.begin(flight, of: member, &recorder)
            say(BoardWords.move(number, by: member), on: connection, &desk)
        }
    }

    private func say(_ payload: [UInt8], on connection: Int, _ desk: inout Desk) {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 16)
        let header = FrameHeader(opcode: .text, payloadBytes: payload.count, maskKey: maskKey)
        FrameEncoder.append(header, payload.span, to: &frame)
        let start = desk.frames.append(frame)
        desk.send(to: connection, from: start)
    }

    // MARK: Answers

    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        let (room, member) = roster.place(of: connection)
        guard let news = rooms[room].hear(message, by: member, at: desk.now, &recorder) else {
            return BoardRoom.fault("no message of this service", &recorder)
        }
        switch news.kind {
        case .ack: acknowledge(news, room, desk.now, &recorder)
        case .error: refuse(news, message, room, &recorder)
        case .patch: recorder.told(isWhole: false, at: desk.now)
        case .snapshot: hearBoard(message, connection, desk.now, &recorder)
        case nil where news.hasBoard: hearBoard(message, connection, desk.now, &recorder)
        case nil: recorder.count { $0.pushed &+= 1 }
        }
    }

    private mutating func acknowledge(
        _ news: BoardRoom.News, _ room: Int, _ now: Instant, _ recorder: inout Recorder
    ) {
        guard let tag = news.tag else { return recorder.count { $0.pushed &+= 1 } }
        let (shape, number) = BoardWords.change(ofTag: tag)
        guard !rooms[room].changes.acknowledge(number, of: shape, at: now, &recorder) else { return }
        recorder.count { $0.duplicated &+= 1 }
    }

    private mutating func refuse(
        _ news: BoardRoom.News, _ message: Span<UInt8>, _ room: Int, _ recorder: inout Recorder
    ) {
        let code = news.code.map { String($0.string(in: message).prefix(64)) } ?? "without a code"
        guard let tag = news.tag, case let (shape, number) = BoardWords.change(ofTag: tag),
            let flight = rooms[room].changes.refuse(number, of: shape)
        else { return BoardRoom.fault(code, &recorder) }
        recorder.refused(flight, code)
    }

    private mutating func hearBoard(
        _ message: Span<UInt8>, _ connection: Int, _ now: Instant, _ recorder: inout Recorder
    ) {
        recorder.told(isWhole: true, at: now)
        let (room, member) = roster.place(of: connection)
        guard concludedAt != nil, !isChecked[connection], case .asked(let mover, let move) = endings[room],
            rooms[room].cursors.seen(mover, by: member) >= move
        else { return }
        check(message, connection, &recorder)
    }

    // MARK: End

    /// Compares a member's board with what must be on it.
    private mutating func check(_ message: Span<UInt8>, _ connection: Int, _ recorder: inout Recorder) {
        let room = roster.place(of: connection).room
        guard let check = BoardCheck.compare(message, with: rooms[room]) else { return }
        markChecked(connection)
        count(check, &recorder)
    }

    private func count(_ check: BoardCheck, _ recorder: inout Recorder) {
        recorder.board { counts in
            counts.compared &+= 1
            counts.missing &+= check.missing
            counts.extra &+= check.extra
            counts.different &+= check.different
        }
        if !check.isRight { BoardRoom.fault("another board at the end", &recorder) }
    }

    private mutating func markChecked(_ connection: Int) {
        guard !isChecked[connection] else { return }
        isChecked[connection] = true
        uncheckedCount -= 1
    }

    mutating func conclude(_ desk: inout Desk, _ recorder: inout Recorder) { concludedAt = desk.now }

    mutating func tick(_ desk: inout Desk, _ recorder: inout Recorder) {
        guard let concludedAt else { return }
        // What is lost is waited for no longer than for half of the time that there is.
        let isPatient = desk.now - concludedAt < patience
        for room in rooms.indices {
            guard case .waiting = endings[room], !isPatient || rooms[room].underWay == 0 else { continue }
            beginEnding(room, &recorder)
        }
        while desk.hasRoom, let connection = asking.popLast() { ask(connection, &desk, &recorder) }
    }

    /// Looks at what patches have made of the members' boards, and lets those ask who must.
    private mutating func beginEnding(_ room: Int, _ recorder: inout Recorder) {
        endings[room] = .asking
        let present = (0..<roster.members(in: room)).filter(rooms[room].changes.isPresent)
        if mode == .v2 {
            for member in present where !rooms[room].hasWritten(at: member) {
                BoardRoom.fault("patches that make another board", &recorder)
            }
        }
        let asked = mode == .v2 ? present : Array(present.prefix(1))
        asking += asked.map { roster.connection(of: $0, in: room) }
    }

    private mutating func ask(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let (room, member) = roster.place(of: connection)
        switch mode {
        case .seed:
            let move = rooms[room].cursors.mark(member, &recorder)
            endings[room] = .asked(mover: member, move: move)
            say(BoardWords.move(move, by: member), on: connection, &desk)
        case .v2:
            endings[room] = .asked(mover: member, move: 0)
            say(BoardWords.resync, on: connection, &desk)
        }
    }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        // At the end all connections are given up, and what they have not seen by then is lost.
        guard concludedAt == nil else { return }
        let (room, member) = roster.place(of: connection)
        rooms[room].leave(member, at: desk.now, &recorder)
        markChecked(connection)
    }

    func settle(_ recorder: inout Recorder) {
        for room in rooms {
            room.changes.settle(&recorder)
            room.cursors.settle(&recorder)
        }
        for connection in isChecked.indices where !isChecked[connection] {
            BoardRoom.fault("no board at the end", &recorder)
        }
    }
}
