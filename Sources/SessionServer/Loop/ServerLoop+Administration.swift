import SessionBase
import SessionCodec
import SessionCore

extension ServerLoop {
    /// Answers a request of the admin API, where its peer may ask (PROTOCOLS §1.6).
    mutating func administer(
        _ id: ConnectionID, _ request: HTTPRequest, _ path: [Substring], _ target: HTTPTarget, _ verdict: AccessVerdict?
    ) {
        do throws(HTTPFailure) {
            guard try isAdministrator(id, request, target, verdict) else { return }
            switch try AdminRequest.order(request, path, target, of: configuration) {
            case .operation(let operation): begin(operation, for: id)
            case .trace(let serial): try beginTrace(serial, for: id)
            case .revoke: revoke(id, request.body)
            case .channels(let call): hand(.administration(call), from: id)
            case .board(let call): hand(.board(call), from: id)
            case .publish(let broadcast): hand(.channels(.broadcast(broadcast), by: nil), from: id)
            case .makeLockerSession:
                let answer = answerLater(id)
                node.sessions.create(request.body, at: moment.timestamp, answer: answer)
            case .listLockerSessions(let page):
                let answer = answerLater(id)
                node.sessions.list(
                    limit: page.limit, cursor: page.cursor, at: moment.timestamp, answer: answer)
            case .endLockerSession(let session): endLockerSession(id, session)
            case .lift(let revocation):
                let answer = answerLater(id)
                node.access.lift(revocation, at: moment.timestamp, answer: answer)
            }
        } catch {
            respond(id, error.response)
        }
    }

    /// Whether a peer may use the admin API.
    ///
    /// - Returns: Whether it is known already; the request is looked at again where it is not.
    /// - Throws: The answer to somebody who may not.
    private mutating func isAdministrator(
        _ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget, _ verdict: AccessVerdict?
    ) throws(HTTPFailure) -> Bool {
        let listener = node.listeners[Int(connections[slot: id.slot].listener)]
        do throws(Refusal) { try checkPeer(id, request.head.fields, nil) } catch { throw HTTPFailure(error.response) }
        if listener.trustsAdmins { return true }
        guard let identity = try identify(id, request, target, at: .administration, verdict) else { return false }
        guard identity.isAdmin else { throw HTTPFailure(Refusal.notAdmin.response) }
        return true
    }

    private mutating func beginTrace(_ serial: UInt64, for id: ConnectionID) throws(HTTPFailure) {
        guard node.beginTrace() else {
            throw HTTPFailure(
                .error(.tooManyRequests, "TRACE_LIMIT", "\(Node.tracesMax) traces run already", retryAfter: 5))
        }
        begin(.trace(serial: serial, TraceTap(loop: index, reader: id)), for: id)
    }

    /// Revokes what a body names, then closes what it hits on all loops.
    private mutating func revoke(_ id: ConnectionID, _ body: [UInt8]) {
        let (node, index, number) = (node, index, beginRequest(id))
        node.access.revoke(body, at: moment.timestamp) { outcome in
            switch outcome {
            case .made(let revocation): node.post(.proceed(.revoke(revocation), number: number), to: index)
            case .refused(let response): node.post(.responded(number: number, response), to: index)
            }
        }
    }

    /// Ends a locker session, then closes what lives on it on all loops.
    private mutating func endLockerSession(_ id: ConnectionID, _ session: String) {
        let (node, index, number) = (node, index, beginRequest(id))
        node.sessions.remove(session, at: moment.timestamp) { outcome in
            switch outcome {
            case .made(let revocation): node.post(.proceed(.endSession(revocation), number: number), to: index)
            case .refused(let response): node.post(.responded(number: number, response), to: index)
            }
        }
    }
}
