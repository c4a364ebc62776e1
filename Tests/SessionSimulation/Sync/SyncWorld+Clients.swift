import SessionBase
import SessionCodec
import SessionCore

/// The clients' side: what they send, and what they make of the answers.
extension SyncWorld {
    // MARK: Sockets

    /// Opens a socket of a device and authenticates.
    mutating func connect(_ device: Int, session: String?, token: String? = nil, resumes: Bool = false) {
        let node = Int.random(in: 0..<nodes.count, using: &random)
        guard nodes[node].isUp else { return }
        let id = ConnectionID(slot: UInt32(sockets.count), generation: 1)
        var socket = SyncSocket(
            id: id, node: node, isBinary: random.chance(0.25), device: device,
            shard: Int.random(in: 0..<shardCount, using: &random))
        socket.lastAtServer = now
        var session = session
        if resumes, let memory = devices[device].memory {
            socket.resume = memory.resume
            session = memory.session
        }
        let authentication = SyncAuthentication(
            token: token ?? devices[device].user, deviceID: devices[device].name, resume: socket.resume)
        sockets.append(socket)
        devices[device].socket = sockets.count - 1
        let name = devices[device].name
        let place = sockets.count - 1
        note("\(name) opens socket \(place) to node \(node)")
        send(.auth(authentication), session: session, on: place, as: .other)
        queue.plan(.pong(place), at: now + .seconds(25))
    }

    /// Sends a message that wants an answer.
    mutating func send(
        _ message: SyncClientMessage, session: String? = nil, on place: Int, as question: SyncSocket.Question?
    ) {
        guard sockets[place].isAtClient else { return }
        var envelope = SyncEnvelope(sessionID: session)
        if let question {
            sockets[place].questionCount += 1
            envelope.correlationID = "q\(sockets[place].questionCount)"
            sockets[place].questions[envelope.correlationID ?? ""] = question
        }
        guard !sockets[place].isDead else { return }
        let due = max(sockets[place].lastAtServer, now + latency())
        sockets[place].lastAtServer = due
        let frame = SyncClientFrame(message, envelope: envelope)
        var bytes: [UInt8] = []
        if sockets[place].isBinary { frame.encodeProtobuf(to: &bytes) } else { frame.encode(tag: nil, to: &bytes) }
        queue.plan(.atServer(place, bytes), at: due)
    }

    /// Closes a socket properly, breaks it, or lets its link die unnoticed.
    mutating func leave(_ place: Int, cleanly: Bool) {
        guard sockets[place].isAtClient else { return }
        loseSocket(place)
        guard !sockets[place].isDead else { return }
        let due = max(sockets[place].lastAtServer, now + latency())
        queue.plan(.endAtServer(place, cleanly: cleanly), at: due)
    }

    /// Lets a link die; the transport notices after its ping, or nobody does.
    mutating func die(_ place: Int) {
        note("socket \(place) goes silent")
        sockets[place].isDead = true
        if random.chance(0.5) { queue.plan(.endAtServer(place, cleanly: false), at: now + .seconds(38)) }
        queue.plan(.endAtClient(place), at: now + .seconds(60))
    }

    /// A client's end is over.
    mutating func loseSocket(_ place: Int) {
        guard sockets[place].isAtClient else { return }
        sockets[place].isAtClient = false
        sockets[place].questions = [:]
        let device = sockets[place].device
        if let welcome = sockets[place].welcome {
            let resume = SyncAuthentication.Resume(epoch: welcome.epoch, sequence: sockets[place].sequence)
            devices[device].memory = (welcome.sessionID, resume)
        }
        if devices[device].socket == place { devices[device].socket = nil }
    }

    /// The client's machine answers Pings, whatever the client does.
    mutating func pong(_ place: Int) {
        guard sockets[place].isAtClient, sockets[place].isAtServer else { return }
        queue.plan(.pong(place), at: now + .seconds(25))
        if !sockets[place].isDead { queue.plan(.heard(place), at: now + latency()) }
    }

    /// A message of the server arrives.
    mutating func hear(_ frame: SyncServerFrame, on place: Int) throws {
        guard sockets[place].isAtClient, !sockets[place].isDead else { return }
        note("socket \(place) hears \(frame.message)")
        count(frame.kind.name)
        if let sequence = frame.envelope.sequence { sockets[place].sequence = sequence }
        if case .authSuccess(let welcome) = frame.message {
            if welcome.replayed != nil { count("recovered") }
            sockets[place].welcome = welcome
            sockets[place].sequence = welcome.sequence
        }
        guard let correlation = frame.envelope.correlationID else { return }
        guard let question = sockets[place].questions.removeValue(forKey: correlation) else {
            throw SimulationFailure("socket \(place) gets an answer to \(correlation) that it does not wait for")
        }
        try settle(question, by: frame.message, on: place)
    }

    private mutating func settle(
        _ question: SyncSocket.Question, by message: SyncServerMessage, on place: Int
    ) throws {
        switch (question, message) {
        case (.write(let write), .stateUpdate(let change)):
            guard change.isAcknowledgement else { throw SimulationFailure("a push is sent in place of an answer") }
            try ledger.acknowledge(write, version: change.version)
        case (.write(let write), .error(let code, _, _)):
            count(code.name)
            if code != .storeUnavailable { ledger.refuse(write) }
        case (.read(let session, let floor), .snapshotResponse(let answer)):
            let session = session ?? sockets[place].welcome?.sessionID ?? ""
            try check(answer, of: session, floor: floor ?? 0)
        case (_, .error(let code, _, _)): count(code.name)
        case (.other, _): break
        default: throw SimulationFailure("\(question) is answered with \(message)")
        }
    }

    private func check(_ answer: SyncSnapshotAnswer, of session: String, floor: UInt64) throws {
        if SyncSessions(session) == .mortal { return }
        switch answer {
        case .missing:
            if floor > 0 { throw SimulationFailure("\(session) is gone after version \(floor)") }
        case .unchanged(let version):
            if version < floor { throw SimulationFailure("\(session) is unchanged at \(version) after \(floor)") }
        case .found(let version, let state, _):
            try ledger.check(state.value, version: version, of: session, floor: floor)
        }
    }

    // MARK: HTTP

    /// Sends a request; returns its number.
    @discardableResult
    mutating func post(_ call: SyncCall, as user: String, _ effect: StateLedger.Effect? = nil) -> Int {
        let node = Int.random(in: 0..<nodes.count, using: &random)
        var request = SyncHTTPCall(
            call: call, user: user, node: node, sentAt: now, floor: ledger.floor(call.sessionID))
        if let effect, SyncSessions(call.sessionID) != .mortal {
            request.write = ledger.send(effect, to: call.sessionID)
        }
        requests.append(request)
        let number = requests.count - 1
        note("request \(number) by \(user) to node \(node): \(call.summary)")
        queue.plan(.request(number), at: now + latency())
        return number
    }

    /// An answer arrives.
    mutating func answered(_ number: Int, _ response: HTTPResponse) throws {
        let request = requests[number]
        requests[number].response = response
        let body = try JSONValue.parse((response.body.isEmpty ? Array("null".utf8) : response.body).span)
        note("request \(number) gets \(response.status.rawValue) \(body["error"]?.string ?? "")")
        count("\(request.call.name) \(response.status.rawValue)")
        if response.status.isSuccess, request.user != SyncSessions.user(of: request.call.sessionID) {
            throw SimulationFailure("\(request.user) gets what belongs to another: \(request.call.name)")
        }
        if let write = request.write { try settle(write, of: request, response, body) }
        guard response.status.isSuccess else { return }
        if let state = body["state_data"], let version = body["version"]?.integer, !isQuiet,
            SyncSessions(request.call.sessionID) != .mortal
        {
            try ledger.check(
                state, version: UInt64(version), of: request.call.sessionID, floor: request.floor)
        }
        try note(body, of: request)
    }

    private mutating func settle(
        _ write: Int, of request: SyncHTTPCall, _ response: HTTPResponse, _ body: JSONValue
    ) throws {
        if response.status.isSuccess, let version = body["version"]?.integer {
            try ledger.acknowledge(write, version: UInt64(version))
        } else if response.status != .serviceUnavailable {
            ledger.refuse(write)
        }
    }

    private mutating func note(_ body: JSONValue, of request: SyncHTTPCall) throws {
        switch request.call {
        case .offerHandoff(let offer):
            let token = body["token"]?.string ?? ""
            try handoffs.made(token, offer, now: now)
        case .redeemHandoff(let redemption):
            try handoffs.validated(redemption, sentAt: request.sentAt, now: now)
        default: break
        }
    }
}

extension SyncCall {
    /// The call in a few words, without values.
    fileprivate var summary: String {
        switch self {
        case .offerHandoff(let offer):
            "\(name) \(offer.source) to \(offer.target)\(offer.replaces ? ", replacing" : "")"
        case .redeemHandoff(let redemption):
            "\(name) \(redemption.token.prefix(4)) by \(redemption.caller ?? "nobody")\(redemption.isPeek ? ", peeking" : "")"
        default: "\(name) \(sessionID.suffix(2))"
        }
    }
}
