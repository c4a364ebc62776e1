import SessionBase
import SessionCodec
import SessionCore

/// Requests whose answer is made elsewhere: by a machine, or on another thread.
struct Requests {
    private var waiting: [UInt64: ConnectionID] = [:]
    private var lastNumber: UInt64 = 0

    /// Numbers a request of a connection.
    mutating func begin(for id: ConnectionID) -> UInt64 {
        lastNumber += 1
        waiting[lastNumber] = id
        return lastNumber
    }

    /// The connection that waits for an answer; once.
    mutating func end(_ number: UInt64) -> ConnectionID? { waiting.removeValue(forKey: number) }

    /// Drops the requests of a connection that is gone.
    mutating func forget(_ id: ConnectionID) {
        guard !waiting.isEmpty else { return }
        waiting = waiting.filter { $0.value != id }
    }
}

extension ServerLoop {
    /// Answers a request of sync's HTTP API (PROTOCOLS §3.3).
    mutating func session(_ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget, _ verdict: AccessVerdict?) {
        do throws(HTTPFailure) {
            do throws(Refusal) {
                try checkPeer(id, request.head.fields, .sync)
                try checkDrain()
            } catch {
                throw HTTPFailure(error.response)
            }
            guard let identity = try identify(id, request, target, at: .sync, verdict) else { return }
            hand(.sync(try Self.call(request, target), by: identity), from: id)
        } catch {
            respond(id, error.response)
        }
    }

    private static func call(_ request: HTTPRequest, _ target: HTTPTarget) throws(HTTPFailure) -> SyncCall {
        do throws(SyncFailure) {
            var call = try SyncCall.parse(
                method: request.head.method == "HEAD" ? "GET" : request.head.method,
                path: Array(HTTPTarget.segments(of: request.head.target).dropFirst()), query: target.query,
                fields: request.head.fields, body: request.body)
            // HEAD brings no state, so it must not use a handoff up either.
            if request.head.method == "HEAD", case .redeemHandoff(var redemption) = call {
                redemption.isPeek = true
                call = .redeemHandoff(redemption)
            }
            return call
        } catch {
            throw HTTPFailure(error.response)
        }
    }

    /// Exchanges a refresh token (PROTOCOLS 1-6).
    mutating func refresh(_ id: ConnectionID, _ request: HTTPRequest) {
        guard request.head.method == "POST" else {
            return respond(id, .error(.methodNotAllowed, "METHOD_NOT_ALLOWED", "only POST", allow: "POST"))
        }
        do throws(Refusal) {
            try checkPeer(id, request.head.fields, .sync)
            try checkDrain()
        } catch {
            return respond(id, error.response)
        }
        let answer = answerLater(id)
        node.access.refresh(request.body, at: moment.timestamp, answer: answer)
    }

    /// Sends a machine's answer to the loop whose connection waits for it.
    mutating func respond(_ ticket: RequestTicket, _ response: HTTPResponse) {
        if ticket.loop == index {
            afterwards.append(.respond(number: ticket.number, response))
        } else {
            outbox.add(.responded(number: ticket.number, response), to: ticket.loop)
        }
    }

    // MARK: Answers that come later, one by one

    /// Reads nothing more of a connection until its request is answered.
    mutating func awaitAnswer(_ id: ConnectionID) {
        connections[slot: id.slot].phase = .answering
        connections[slot: id.slot].phaseDeadline = .distantFuture
        schedule(id)
    }

    /// The same, and numbers the request for whoever answers it.
    mutating func beginRequest(_ id: ConnectionID) -> UInt64 {
        awaitAnswer(id)
        return requests.begin(for: id)
    }

    /// The same for somebody on another thread, who calls what is returned with the answer.
    mutating func answerLater(_ id: ConnectionID) -> @Sendable (HTTPResponse) -> Void {
        let (node, index, number) = (node, index, beginRequest(id))
        return { response in node.post(.responded(number: number, response), to: index) }
    }

    /// Answers a request of this loop, and goes on with what its connection sent behind it.
    mutating func respond(toRequest number: UInt64, _ response: HTTPResponse) {
        guard let id = requests.end(number), connections.contains(id) else { return }
        if let fields = connections[slot: id.slot].wire.requestFields(of: number) {
            return give(response.gzipped(for: fields), to: number, of: id)
        }
        respond(id, response)
        goOn(id)
    }

    // MARK: Answers that come later, while the next requests are handled

    /// Numbers a request whose connection goes on before it is answered: its client gets the answers in its own order.
    mutating func beginOverlapping(_ id: ConnectionID) -> UInt64 {
        let number = requests.begin(for: id)
        connections[slot: id.slot].wire.deferAnswer(number)
        awaitRequest(id)
        return number
    }

    /// Lets a request wait until all before it are answered.
    mutating func queue(_ id: ConnectionID) { connections[slot: id.slot].phase = .queueing }

    /// Waits for a connection's next request, unless too many wait for their answers.
    mutating func awaitRequest(_ id: ConnectionID) {
        connections[slot: id.slot].phase = connections[slot: id.slot].wire.owesTooMuch ? .queueing : .http
        let isOwing = connections[slot: id.slot].wire.owesAnswers
        let deadline = isOwing ? .distantFuture : moment.instant + ServerConfiguration.idleRequestTimeout
        guard connections[slot: id.slot].phaseDeadline != deadline else { return }
        connections[slot: id.slot].phaseDeadline = deadline
        schedule(id)
    }

    /// Gives an answer to a connection that went on meanwhile, and handles what had to wait for it.
    private mutating func give(_ response: HTTPResponse, to number: UInt64, of id: ConnectionID) {
        connections[slot: id.slot].output.prepare(&pool)
        let keepsAlive = connections[slot: id.slot].respond(
            toRequest: number, response.answering(requestID: requestID()), at: moment.timestamp,
            closes: drain.state == .closing)
        markDirty(id)
        guard keepsAlive else { return linger(id) }
        switch connections[slot: id.slot].phase {
        case .queueing where connections[slot: id.slot].wire.requestFields != nil:
            if !connections[slot: id.slot].wire.owesAnswers { lookAgain(id) }
        case .queueing where connections[slot: id.slot].wire.owesLittle:
            awaitRequest(id)
            consumeUnread(id)
        case .http: awaitRequest(id)
        case .queueing, .answering, .streaming, .webSocket, .closing, .lingering: break
        }
    }

    /// Handles a request that had to wait, and then what its connection sent behind it.
    ///
    /// - Parameter verdict: What became of its credential, where that is what it waited for.
    mutating func lookAgain(_ id: ConnectionID, _ verdict: AccessVerdict? = nil) {
        connections[slot: id.slot].phase = .http
        let request = connections[slot: id.slot].wire.takeRequest()
        if request.head.fields.containsToken("upgrade", "websocket") {
            upgrade(id, request, verdict)
        } else {
            answer(id, request, verdict)
        }
        goOn(id)
    }
}
