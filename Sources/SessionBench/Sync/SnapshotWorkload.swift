import SessionBase
import SessionCodec

/// Devices that stay connected, and HTTP connections that put and get whole snapshots of their sessions.
///
/// Each version that is acknowledged must be higher than all that were before, and each get must answer with no older one;
/// where it answers with the version acknowledged last, it must have that write's state.
struct SnapshotWorkload: Conversation, ~Copyable {
    /// A request on its way.
    private struct Request {
        var flight: Flight
        var session: Int
        /// The highest version acknowledged when it left.
        var floor: UInt64
        /// The number of the write; 0 for a get.
        var write: UInt64
    }

    private var sessions: SyncSessions
    private let greeting: SyncGreeting
    private let get: RequestTemplate
    private let isChecking: Bool
    private let putRatio: Double
    private var random: SeededRandom
    /// What each writer waits for, and how many requests it has made.
    private var queues: [RequestQueue<Request>]
    private var turns: [Int]
    private(set) var underWay = 0

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        sessions = try SyncSessions(share, load)
        let roster = sessions.roster
        greeting = SyncGreeting(roster, sessions.credentials)
        get = RequestTemplate(
            "GET /session/\(roster.sessionID(RequestTemplate.Slot.session.placeholder))",
            authority: share.plan.authority)
        isChecking = share.plan.isChecking
        putRatio = load.putRatio
        random = SeededRandom(seed: share.plan.seed ^ UInt64(share.index) &* 0xD6E8_FEB8_6659_FD93)
        queues = Array(repeating: RequestQueue(), count: roster.writers)
        turns = Array(repeating: 0, count: roster.writers)
    }

    var requestBytesMax: Int { max(sessions.putBytesMax, get.count + sessions.credentials.bytesMax) }
    var subprotocols: [String] { [SyncProtocol.json] }

    mutating func greeting(of connection: Int) -> (kind: MessageKind, payload: [UInt8])? {
        greeting.message(of: connection)
    }

    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        greeting.judge(message, kind: kind)
    }

    mutating func introduce(_ connection: Int, _ desk: inout Desk) -> Bool { sessions.introduce(connection, &desk) }

    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk
    ) -> GreetingAnswer { sessions.introduced(by: reply, bytes, on: connection, &desk) }

    // MARK: Requests

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let writer = connection - sessions.roster.devices
        let session = sessions.roster.session(ofWriter: writer, turn: turns[writer])
        turns[writer] += 1
        let isPut = Double(random.next() >> 11) * 0x1p-53 < putRatio
        var request = Request(flight: flight, session: session, floor: sessions.records[session].version, write: 0)
        if isPut {
            request.write = sessions.appendPut(of: session, to: connection, &desk)
        } else {
            let copy = get.append(to: &desk.frames, credential: sessions.credentials.line(of: session))
            get.set(.session, sessions.roster.number(ofSession: session), in: copy, of: &desk.frames)
            desk.send(to: connection, from: copy.start)
        }
        queues[writer].append(request)
        underWay += 1
    }

    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let request = queues[connection - sessions.roster.devices].removeFirst() else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        underWay -= 1
        desk.finish(connection)
        if let fault = judge(request, reply, bytes) { return recorder.refused(request.flight, fault) }
        recorder.received(request.flight, at: desk.now)
        recorder.part(request.write > 0 ? 0 : 1, of: request.flight, at: desk.now)
    }

    /// Devices hear of snapshots that were replaced.
    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) { recorder.count { $0.pushed &+= 1 } }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        guard connection >= sessions.roster.devices else { return }
        while let request = queues[connection - sessions.roster.devices].removeFirst() {
            underWay -= 1
            recorder.lost(request.flight)
        }
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        for writer in queues.indices {
            guard let oldest = queues[writer].oldest, oldest.flight.sent < limit else { continue }
            // Answers of one connection come in order: no other comes where one does not.
            desk.abandon(sessions.roster.devices + writer)
        }
    }

    // MARK: Answers

    /// What is wrong with an answer; `nil` where it is right.
    private mutating func judge(_ request: Request, _ reply: HTTPReply, _ bytes: Span<UInt8>) -> String? {
        guard isChecking else { return reply.isSuccess ? nil : "http \(reply.status)" }
        let body = bytes.extracting(reply.body)
        let answer = SyncAnswer.read(body)
        if request.write == 0 { return check(request, reply, answer, body)?.words(reply, answer, bytes) }
        let floor = sessions.floor(of: request.session, departure: request.floor)
        switch sessions.check(reply, answer, floor: floor) {
        case .success(let version):
            sessions.acknowledge(version, write: request.write, of: request.session)
            return nil
        case .failure(let fault): return fault.words(reply, answer, bytes)
        }
    }

    /// What is wrong with the answer to a get.
    private func check(
        _ request: Request, _ reply: HTTPReply, _ answer: SyncAnswer?, _ body: Span<UInt8>
    ) -> SyncFault? {
        guard reply.isSuccess, let answer, let version = answer.version else { return .refused }
        guard version >= sessions.floor(of: request.session, departure: request.floor) else { return .versionTooOld }
        let number = sessions.roster.number(ofSession: request.session)
        guard sessions.state.isRight(answer, session: number, in: body) else { return .otherState }
        let record = sessions.records[request.session]
        guard version == record.version, record.acknowledgedWrite > 0 else { return nil }
        return answer.mark?.write == record.acknowledgedWrite ? nil : .otherState
    }
}
