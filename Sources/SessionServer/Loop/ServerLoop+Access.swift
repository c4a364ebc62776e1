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
    /// - Parameters:
    ///   - profile: Whose rules apply; `nil` for the admin API.
    ///   - verdict: What was found out meanwhile.
    mutating func standing(
        of id: ConnectionID, _ fields: HTTPFields, _ target: HTTPTarget, for profile: ProtocolID?,
        _ verdict: AccessVerdict?
    ) -> Standing {
        if let verdict { return Standing(node.access.recheck(verdict)) }
        // Foreign pages, which could make a browser add its cookie, were kept out before.
        let found = Credential.find(in: fields, query: target.query, cookieName: node.access.cookieName)
        guard let credential = found else { return .anonymous }
        guard let verdict = judge(credential, for: profile, of: id) else {
            awaitAnswer(id)
            return .pending
        }
        return Standing(verdict)
    }

    /// Who makes a request of sync's HTTP API or of the admin API.
    ///
    /// - Returns: `nil` where that will be known later.
    /// - Throws: The answer to somebody who may not.
    mutating func identify(
        _ id: ConnectionID, _ request: HTTPRequest, _ target: HTTPTarget, for profile: ProtocolID?,
        _ verdict: AccessVerdict?
    ) throws(HTTPFailure) -> Identity? {
        switch standing(of: id, request.head.fields, target, for: profile, verdict) {
        case .known(let identity): return identity
        case .pending: return nil
        case .refused(let refusal, let reason): throw HTTPFailure(Refusal.unauthorized(refusal, reason).response)
        case .anonymous:
            if let identity = node.access.absent(for: profile) { return identity }
            throw HTTPFailure(Refusal.unauthenticated.response)
        }
    }

    private func judge(
        _ credential: Credential, for profile: ProtocolID?, of id: ConnectionID
    ) -> AccessVerdict? {
        let (node, index) = (node, index)
        return node.access.judge(credential, for: profile, at: moment.timestamp) { verdict in
            node.post(.judged(id, verdict), to: index)
        }
    }

    // MARK: Credentials in messages

    /// Has the credential judged that a connection showed in a message.
    mutating func authenticate(_ id: ConnectionID, _ token: Span<UInt8>) {
        guard connections.contains(id), let profile = connections[slot: id.slot].profile else { return }
        var bytes: [UInt8] = []
        bytes.append(copying: token)
        if let verdict = judge(.token(bytes), for: profile, of: id) { afterwards.append(.judged(id, verdict)) }
    }

    /// Goes on with a connection whose credential was judged: as a socket, or as a request that waits.
    mutating func judged(_ id: ConnectionID, _ verdict: AccessVerdict) {
        guard connections.contains(id) else { return }
        switch connections[slot: id.slot].phase {
        case .webSocket:
            sync.authenticated(id, node.access.recheck(verdict), at: moment, effects: &effects)
            performEffects()
        case .answering:
            connections[slot: id.slot].phase = .http
            let request = connections[slot: id.slot].wire.takeRequest()
            if request.head.fields.containsToken("upgrade", "websocket") {
                upgrade(id, request, verdict)
            } else {
                answer(id, request, verdict)
            }
            goOn(id)
        case .http, .streaming, .closing, .lingering: break
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
