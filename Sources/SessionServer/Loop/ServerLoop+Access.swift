import SessionBase
import SessionCodec
import SessionCore

/// Who a peer is, as far as its request says.
enum Standing {
    /// Its credential is good.
    case known(Identity)
    /// It showed none.
    case anonymous
    /// It showed one that is no good.
    case refused(AccessRefusal, String)
    /// Nobody knows yet: a key is being fetched, and the request is looked at again when it is there.
    case pending
}

extension ServerLoop {
    // MARK: Credentials of requests

    /// Looks for a credential in a request and has it judged (PROTOCOLS §1.5).
    ///
    /// - Parameter verdict: What was found out meanwhile.
    mutating func standing(
        of id: ConnectionID, _ fields: HTTPFields, _ target: HTTPTarget, at door: Door, _ verdict: AccessVerdict?
    ) -> Standing {
        if let verdict { return Standing(recheck(verdict, at: door)) }
        guard let credential = credential(in: fields, target, at: door) else { return .anonymous }
        guard let verdict = judge(credential, at: door, of: id) else {
            awaitAnswer(id)
            return .pending
        }
        return Standing(verdict)
    }

    /// The credential of a request. Foreign pages, which could make a browser add its cookie, were kept out before.
    func credential(in fields: HTTPFields, _ target: HTTPTarget, at door: Door) -> Credential? {
        switch door {
        case .administration, .sync:
            Credential.find(in: fields, query: target.query, cookieName: node.access.cookieName)
        case .channels:
            Credential.findForChannels(
                in: fields, query: target.query, cookieName: node.access.cookieName,
                takesQuery: configuration.channelsAllowsQueryToken)
        case .board:
            // Seed 003, *Connection*: the token is a query parameter.
            Credential.find(
                in: fields, query: target.query, cookieName: node.access.cookieName, takesQuery: true)
        case .lockers:
            Credential.findSession(
                in: fields, query: target.query, takesQuery: node.sessions.configuration.allowsQuery)
        }
    }

    /// Who makes a request of sync's HTTP API or of the admin API.
    ///
    /// - Returns: `nil` where that will be known later.
    /// - Throws: The answer to somebody who may not.
    mutating func identify(
        _ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget, at door: Door, _ verdict: AccessVerdict?
    ) throws(HTTPFailure) -> Identity? {
        switch standing(of: id, request.head.fields, target, at: door, verdict) {
        case .known(let identity): return identity
        case .pending: return nil
        case .refused(let refusal, let reason): throw HTTPFailure(Refusal.unauthorized(refusal, reason).response)
        case .anonymous:
            if let identity = node.access.absent(for: door.profile) { return identity }
            throw HTTPFailure(Refusal.unauthenticated.response)
        }
    }

    private func judge(_ credential: Credential, at door: Door, of id: ConnectionID) -> AccessVerdict? {
        let (node, index) = (node, index)
        let later: @Sendable (AccessVerdict) -> Void = { verdict in node.post(.judged(id, verdict), to: index) }
        if case .lockers(let namespace) = door {
            return node.sessions.judge(credential, for: namespace, at: moment.timestamp, later: later)
        }
        return node.access.judge(credential, for: door.profile, at: moment.timestamp, later: later)
    }

    /// Judges a verdict once more that was on its way between threads.
    private func recheck(_ verdict: AccessVerdict, at door: Door) -> AccessVerdict {
        if case .lockers = door { return node.sessions.recheck(verdict) }
        return node.access.recheck(verdict)
    }

    // MARK: Credentials in messages

    /// Has the credential judged that a connection showed in a message, or showed before and must be good still.
    mutating func authenticate(_ id: ConnectionID, _ token: Span<UInt8>) {
        guard connections.contains(id), let profile = connections[slot: id.slot].profile else { return }
        var bytes: [UInt8] = []
        bytes.append(copying: token)
        let door: Door = profile == .lockers ? .lockers(namespace: nil) : .sync
        if let verdict = judge(.token(bytes), at: door, of: id) { afterwards.append(.judged(id, verdict)) }
    }

    /// Goes on with a connection whose credential was judged: as a socket, or as a request that waits.
    mutating func judged(_ id: ConnectionID, _ verdict: AccessVerdict) {
        guard connections.contains(id) else { return }
        switch connections[slot: id.slot].phase {
        case .webSocket:
            if connections[slot: id.slot].profile == .lockers {
                lockers.authenticated(id, node.sessions.recheck(verdict), at: moment, effects: &effects)
            } else {
                sync.authenticated(id, node.access.recheck(verdict), at: moment, effects: &effects)
            }
            performEffects()
        case .answering: lookAgain(id, verdict)
        case .http, .queueing, .streaming, .closing, .lingering: break
        }
    }
}

extension Standing {
    init(_ verdict: AccessVerdict) {
        self =
            switch verdict {
            case .granted(let identity): .known(identity)
            case .refused(let refusal, let reason): .refused(refusal, reason)
            }
    }
}
