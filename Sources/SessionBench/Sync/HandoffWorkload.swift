import SessionBase
import SessionCodec

/// Sessions whose first device hands over to the second, again and again (seed 001, *Handoff Flow*).
///
///     writer   POST …/handoff ──▶ 201                    `start`
///     target                  ◀── handoff_offer          `offer`
///     writer   GET …/handoff/TOKEN ──▶ 200 with state    `accept`
///     source                  ◀── handoff_completed      `notice`
///
/// All four times count from the begin of the request, which is over once both 200 and notice are there. A session has one
/// handoff at a time; both HTTP requests of one go over the same connection.
struct HandoffWorkload: OpenedConversation, ~Copyable {
    /// The places of the parts among the operations.
    private enum Part { static let (start, offer, accept, notice) = (0, 1, 2, 3) }

    /// A handoff on its way.
    private struct Handoff {
        var flight: Flight
        /// The connection that asked for it.
        var link: Int
        var isAccepting = false
        var isAccepted = false
        var isNoticed = false
    }

    /// What a writer waits for: the answer to the start or to the accept of a session's handoff.
    private struct Step {
        var session: Int
        var isAccept: Bool
        /// When the handoff began: an answer to one that was given up belongs to no other.
        var began: Instant
    }

    var opening: SyncSessions
    private let start: RequestTemplate
    private let accept: RequestTemplate
    /// The handoff of each session; `nil` where there is none.
    private var handoffs: [Handoff?]
    private var steps: [RequestQueue<Step>]
    private var turns: [Int]
    /// Requests for which no session is free, the oldest first.
    private var waiting: [(flight: Flight, link: Int)] = []
    private(set) var underWay = 0

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        opening = try SyncSessions(share, load)
        let roster = opening.roster
        let slots = RequestTemplate.Slot.self
        let path = "/session/\(roster.sessionID(slots.session.placeholder))/handoff"
        start = RequestTemplate(
            "POST \(path)", authority: share.plan.authority,
            body: #"{"source_device":"\#(roster.device(slots.device.placeholder))","#
                + #""target_device":"\#(roster.device(slots.target.placeholder))"}"#)
        accept = RequestTemplate(
            "GET \(path)/\(slots.token.placeholder)", authority: share.plan.authority,
            fields: [("X-Device-ID", roster.device(slots.target.placeholder))])
        handoffs = Array(repeating: nil, count: roster.sessions)
        steps = Array(repeating: RequestQueue(), count: roster.writers)
        turns = Array(repeating: 0, count: roster.writers)
    }

    var requestBytesMax: Int { max(opening.putBytesMax, start.count + opening.credentials.bytesMax) }

    // MARK: Begin

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        underWay += 1
        if let session = freeSession(of: connection - opening.roster.devices) {
            begin(flight, of: session, on: connection, &desk)
        } else {
            waiting.append((flight, connection))
        }
    }

    private mutating func begin(_ flight: Flight, of session: Int, on connection: Int, _ desk: inout Desk) {
        handoffs[session] = Handoff(flight: flight, link: connection)
        let roster = opening.roster
        let source = roster.firstDevice(of: session)
        let copy = start.append(to: &desk.frames, credential: opening.credentials.line(of: session))
        start.set(.session, roster.number(ofSession: session), in: copy, of: &desk.frames)
        start.set(.device, roster.number(ofDevice: source), in: copy, of: &desk.frames)
        start.set(.target, roster.number(ofDevice: source + 1), in: copy, of: &desk.frames)
        desk.send(to: connection, from: copy.start)
        steps[connection - roster.devices].append(Step(session: session, isAccept: false, began: flight.sent))
    }

    /// Begins the oldest request that waits for a session, now that one is free.
    private mutating func beginWaiting(_ desk: inout Desk) {
        guard let oldest = waiting.first, let session = freeSession(of: oldest.link - opening.roster.devices) else {
            return
        }
        waiting.removeFirst()
        begin(oldest.flight, of: session, on: oldest.link, &desk)
    }

    /// The next session of a writer that has no handoff; `nil` where all have one.
    private mutating func freeSession(of writer: Int) -> Int? {
        for _ in 0..<opening.roster.turns(ofWriter: writer) {
            let session = opening.roster.session(ofWriter: writer, turn: turns[writer])
            turns[writer] += 1
            if handoffs[session] == nil { return session }
        }
        return nil
    }

    // MARK: WebSocket

    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        let session = opening.roster.session(ofDevice: connection)
        guard session < handoffs.count, var handoff = handoffs[session], let news = SyncNews.read(message),
            news.kind == .broadcast, let event = news.event
        else { return recorder.count { $0.pushed &+= 1 } }
        let place = connection - opening.roster.firstDevice(of: session)
        if event.matches("handoff_offer", in: message), place == 1, !handoff.isAccepting {
            recorder.part(Part.offer, of: handoff.flight, at: desk.now)
            guard let token = news.token, token.count == RequestTemplate.Slot.token.width, !token.hasEscapes else {
                return finish(session, "an offer without a token", &desk, &recorder)
            }
            handoff.isAccepting = true
            handoffs[session] = handoff
            send(acceptOf: session, message.extracting(token.range), to: handoff, &desk)
        } else if event.matches("handoff_completed", in: message), place == 0, handoff.isAccepting, !handoff.isNoticed {
            recorder.part(Part.notice, of: handoff.flight, at: desk.now)
            handoff.isNoticed = true
            handoffs[session] = handoff
            if handoff.isAccepted { finish(session, nil, &desk, &recorder) }
        } else {
            recorder.count { $0.pushed &+= 1 }
        }
    }

    private mutating func send(
        acceptOf session: Int, _ token: Span<UInt8>, to handoff: Handoff, _ desk: inout Desk
    ) {
        let roster = opening.roster
        let copy = accept.append(to: &desk.frames, credential: opening.credentials.line(of: session))
        accept.set(.session, roster.number(ofSession: session), in: copy, of: &desk.frames)
        accept.set(.target, roster.number(ofDevice: roster.firstDevice(of: session) + 1), in: copy, of: &desk.frames)
        accept.setToken(token, in: copy, of: &desk.frames)
        desk.send(to: handoff.link, from: copy.start)
        steps[handoff.link - roster.devices].append(
            Step(session: session, isAccept: true, began: handoff.flight.sent))
    }

    // MARK: HTTP

    mutating func hear(
        _ reply: HTTPReply, _ bytes: Span<UInt8>, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let step = steps[connection - opening.roster.devices].removeFirst() else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        guard var handoff = handoffs[step.session], handoff.flight.sent == step.began else { return }
        let answer = SyncAnswer.read(bytes.extracting(reply.body))
        guard reply.isSuccess else {
            return finish(step.session, SyncFault.words(reply, answer, bytes), &desk, &recorder)
        }
        guard step.isAccept else { return recorder.part(Part.start, of: handoff.flight, at: desk.now) }
        recorder.part(Part.accept, of: handoff.flight, at: desk.now)
        let number = opening.roster.number(ofSession: step.session)
        guard let answer, opening.state.isRight(answer, session: number, in: bytes.extracting(reply.body)) else {
            return finish(step.session, "other state", &desk, &recorder)
        }
        handoff.isAccepted = true
        handoffs[step.session] = handoff
        if handoff.isNoticed { finish(step.session, nil, &desk, &recorder) }
    }

    // MARK: End

    /// Ends a session's handoff.
    ///
    /// - Parameter fault: What was wrong; `nil` where it is done.
    private mutating func finish(
        _ session: Int, _ fault: String?, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let handoff = handoffs[session] else { return }
        handoffs[session] = nil
        underWay -= 1
        desk.finish(handoff.link)
        if let fault {
            recorder.refused(handoff.flight, fault)
        } else {
            recorder.received(handoff.flight, at: desk.now)
        }
        beginWaiting(&desk)
    }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        if connection >= opening.roster.devices {
            while steps[connection - opening.roster.devices].removeFirst() != nil {}
            for request in waiting where request.link == connection {
                underWay -= 1
                recorder.lost(request.flight)
            }
            waiting.removeAll { $0.link == connection }
            for session in handoffs.indices where handoffs[session]?.link == connection {
                giveUp(session, &desk, &recorder)
            }
        } else {
            let session = opening.roster.session(ofDevice: connection)
            if session < handoffs.count { giveUp(session, &desk, &recorder) }
        }
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        for session in handoffs.indices {
            guard let handoff = handoffs[session], handoff.flight.sent < limit else { continue }
            giveUp(session, &desk, &recorder)
        }
    }

    /// Counts a session's handoff as lost; those that wait for the session begin with another's end.
    private mutating func giveUp(_ session: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        guard let handoff = handoffs[session] else { return }
        handoffs[session] = nil
        underWay -= 1
        desk.finish(handoff.link)
        recorder.lost(handoff.flight)
    }
}
