import SessionBase
import SessionCodec

/// Devices that stay connected, and HTTP connections that put and get whole snapshots of their opening.
///
/// Each version that is acknowledged must be higher than all that were before, and each get must answer with no older one;
/// where it answers with the version acknowledged last, it must have that write's state.
struct SnapshotWorkload: OpenedConversation, ~Copyable {
    /// A request on its way.
    private struct Request: FlyingRequest {
        var flight: Flight
        var session: Int
        /// The highest version acknowledged when it left.
        var floor: UInt64
        /// The number of the write; 0 for a get.
        var write: UInt64
    }

    var opening: SyncSessions
    private let get: RequestTemplate
    private let isChecking: Bool
    private let putRatio: Double
    private var random: SeededRandom
    /// What each writer waits for.
    private var requests: WriterQueues<Request>

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        opening = try SyncSessions(share, load)
        let roster = opening.roster
        get = RequestTemplate(
            "GET /session/\(roster.sessionID(RequestTemplate.Slot.session.placeholder))",
            authority: share.plan.authority)
        isChecking = share.plan.isChecking
        putRatio = load.putRatio
        random = SeededRandom(seed: share.plan.seed ^ UInt64(share.index) &* 0xD6E8_FEB8_6659_FD93)
        requests = WriterQueues(first: roster.devices, count: roster.writers)
    }

    var requestBytesMax: Int { max(opening.putBytesMax, get.count + opening.credentials.bytesMax) }
    var underWay: Int { requests.underWay }

    // MARK: Requests

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let writer = connection - opening.roster.devices
        let session = opening.roster.session(ofWriter: writer, turn: requests.takeTurn(connection))
        let isPut = Double(random.next() >> 11) * 0x1p-53 < putRatio
        var request = Request(flight: flight, session: session, floor: opening.records[session].version, write: 0)
        if isPut {
            request.write = opening.appendPut(of: session, to: connection, &desk)
        } else {
            let copy = get.append(to: &desk.frames, credential: opening.credentials.line(of: session))
            get.set(.session, opening.roster.number(ofSession: session), in: copy, of: &desk.frames)
            desk.send(to: connection, from: copy.start)
        }
        requests.append(request, on: connection)
    }

    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let request = requests.takeOldest(on: connection) else { return recorder.count { $0.duplicated &+= 1 } }
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
        requests.lose(connection, &recorder)
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        requests.expire(before: limit, &desk)
    }

    // MARK: Answers

    /// What is wrong with an answer; `nil` where it is right.
    private mutating func judge(_ request: Request, _ reply: HTTPReply, _ bytes: Span<UInt8>) -> String? {
        guard isChecking else { return reply.isSuccess ? nil : "http \(reply.status)" }
        let body = bytes.extracting(reply.body)
        let answer = SyncAnswer.read(body)
        if request.write == 0 { return check(request, reply, answer, body)?.words(reply, answer, bytes) }
        let floor = opening.floor(of: request.session, departure: request.floor)
        switch opening.check(reply, answer, floor: floor) {
        case .success(let version):
            opening.acknowledge(version, write: request.write, of: request.session)
            return nil
        case .failure(let fault): return fault.words(reply, answer, bytes)
        }
    }

    /// What is wrong with the answer to a get.
    private func check(
        _ request: Request, _ reply: HTTPReply, _ answer: SyncAnswer?, _ body: Span<UInt8>
    ) -> SyncFault? {
        guard reply.isSuccess, let answer, let version = answer.version else { return .refused }
        guard version >= opening.floor(of: request.session, departure: request.floor) else { return .versionTooOld }
        let number = opening.roster.number(ofSession: request.session)
        guard opening.state.isRight(answer, session: number, in: body) else { return .otherState }
        let record = opening.records[request.session]
        guard version == record.version, record.acknowledgedWrite > 0 else { return nil }
        return answer.mark?.write == record.acknowledgedWrite ? nil : .otherState
    }
}
