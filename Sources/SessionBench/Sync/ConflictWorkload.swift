import SessionBase
import SessionCodec

/// Devices that stay connected, and HTTP connections whose every request is a change that comes too late, and its resolution:
/// an incremental change of an older version, which is answered with 409, then a merge that must have the next version.
struct ConflictWorkload: OpenedConversation, ~Copyable {
    /// The places of the two parts among the operations.
    private enum Part { static let (conflict, resolve) = (0, 1) }

    /// A request on its way, in its first half or in its second.
    private struct Request: FlyingRequest {
        var flight: Flight
        var session: Int
        var floor: UInt64
        /// The merge: when it left, and its number as a write; `nil` while the 409 is waited for.
        var merge: (sentAt: Instant, write: UInt64)?
    }

    var opening: SyncSessions
    private let change: RequestTemplate
    private let merge: RequestTemplate
    private var requests: WriterQueues<Request>

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        // A session needs an older version than its own for something to come too late.
        opening = try SyncSessions(share, load, preparations: 2)
        let roster = opening.roster
        let slots = RequestTemplate.Slot.self
        let names =
            #""session_id":"\#(roster.sessionID(slots.session.placeholder))","#
            + #""user_id":"\#(roster.user(slots.session.placeholder))""#
        change = RequestTemplate(
            "POST /session/incremental", authority: share.plan.authority,
            body: #"{\#(names),"base_version":\#(slots.version.placeholder),"changes":{"mark":"too late"}}"#)
        merge = RequestTemplate(
            "POST /session/conflict/resolve", authority: share.plan.authority,
            body: #"{\#(names),"client_version":\#(slots.version.placeholder),"client_state":\#(opening.state.text),"#
                + #""resolution_strategy":"merge"}"#)
        requests = WriterQueues(first: roster.devices, count: roster.writers)
    }

    var requestBytesMax: Int { max(opening.putBytesMax, merge.count + opening.credentials.bytesMax) }
    var underWay: Int { requests.underWay }

    // MARK: Requests

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let writer = connection - opening.roster.devices
        let session = opening.roster.session(ofWriter: writer, turn: requests.takeTurn(connection))
        let version = opening.records[session].version
        send(change, about: session, version: version - 1, to: connection, &desk)
        requests.append(Request(flight: flight, session: session, floor: version, merge: nil), on: connection)
    }

    private func send(
        _ template: RequestTemplate, about session: Int, version: UInt64, write: UInt64 = 0, to link: Int,
        _ desk: inout Desk
    ) {
        let copy = template.append(to: &desk.frames, credential: opening.credentials.line(of: session))
        template.set(.session, opening.roster.number(ofSession: session), in: copy, of: &desk.frames)
        template.set(.version, version, in: copy, of: &desk.frames)
        template.set(.mark, write, in: copy, of: &desk.frames)
        desk.send(to: link, from: copy.start)
    }

    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard var request = requests.takeOldest(on: connection) else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        let answer = SyncAnswer.read(bytes.extracting(reply.body))
        if request.merge == nil {
            guard reply.status == 409, let version = answer?.serverVersion else {
                return finish(request, SyncFault.refused.words(reply, answer, bytes), connection, &desk, &recorder)
            }
            recorder.part(Part.conflict, of: request.flight, at: desk.now)
            let write = opening.beginWrite(of: request.session)
            send(merge, about: request.session, version: version, write: write, to: connection, &desk)
            request.merge = (desk.now, write)
            requests.append(request, on: connection)
        } else {
            finish(request, judgeMerge(request, reply, answer, bytes), connection, &desk, &recorder)
        }
    }

    private mutating func finish(
        _ request: Request, _ fault: String?, _ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        desk.finish(connection)
        if let fault { return recorder.refused(request.flight, fault) }
        recorder.part(Part.resolve, of: request.flight, since: request.merge?.sentAt, at: desk.now)
        recorder.received(request.flight, at: desk.now)
    }

    /// What is wrong with the answer to a merge; `nil` where it is right.
    private mutating func judgeMerge(
        _ request: Request, _ reply: HTTPReply, _ answer: SyncAnswer?, _ bytes: Span<UInt8>
    ) -> String? {
        let write = request.merge?.write ?? 0
        let floor = opening.floor(of: request.session, departure: request.floor)
        switch opening.check(reply, answer, floor: floor) {
        case .failure(let fault): return fault.words(reply, answer, bytes)
        case .success(let version):
            guard answer?.mark?.write == write else { return SyncFault.otherState.words(reply, answer, bytes) }
            opening.acknowledge(version, write: write, of: request.session)
            return nil
        }
    }

    /// Devices hear of states that were replaced.
    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) { recorder.count { $0.pushed &+= 1 } }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        requests.lose(connection, &recorder)
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        requests.expire(before: limit, &desk)
    }
}
