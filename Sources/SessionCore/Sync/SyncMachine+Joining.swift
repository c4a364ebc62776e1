package import SessionBase
import SessionCodec

/// From a credential to a device of a session (PROTOCOLS 1-2, 1-5, 1-10, 1-28, §3.5).
extension SyncMachine {
    /// Handles AUTH: of a connection that nobody knows yet, or the new credential of one that is ready (PROTOCOLS 1-6).
    mutating func authenticate(
        _ authentication: SyncAuthentication, _ envelope: SyncEnvelope, from connection: ConnectionID,
        at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        guard connections[slot].join == noIndex else {
            return refuse(.notAuthenticated, envelope, from: connection, at: moment, effects: &effects)
        }
        if connections[slot].phase == .open { connections[slot].phase = .joining }
        connections[slot].join = joins.insert(SyncJoin(authentication, envelope))
        effects.pause(connection)
        if let token = authentication.token {
            let bytes = effects.encode { $0.append(contentsOf: token.utf8) }
            effects.authenticate(connection, bytes)
        } else if configuration.isOpen {
            var identity = Identity.assumed
            if configuration.isOptional { identity.roles = [] }
            grant(identity, to: connection, at: moment, effects: &effects)
        } else {
            fail(connection, .invalidToken, at: moment, effects: &effects)
        }
    }

    /// Takes in a connection whose handshake brought a credential.
    mutating func join(
        _ connection: ConnectionID, as identity: Identity, _ handshake: Handshake, at moment: Moment,
        effects: inout Effects
    ) {
        func parameter(_ name: String) -> String? { handshake.query.last { $0.name == name }?.value }
        let device = identity.device ?? handshake.deviceID ?? parameter("device_id")
        let authentication = SyncAuthentication(
            token: nil, deviceID: device, deviceType: parameter("device_type").flatMap(SyncDeviceType.init(rawValue:)),
            deviceName: parameter("device_name"))
        connections[Int(connection.slot)].phase = .joining
        connections[Int(connection.slot)].join = joins.insert(SyncJoin(authentication, SyncEnvelope()))
        effects.pause(connection)
        grant(identity, to: connection, at: moment, effects: &effects)
    }

    /// Goes on once a credential is verified.
    package mutating func authenticated(
        _ connection: ConnectionID, _ verdict: AccessVerdict, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection), connections[Int(connection.slot)].join != noIndex else { return }
        switch verdict {
        case .granted(let identity): grant(identity, to: connection, at: moment, effects: &effects)
        case .refused(.unavailable, _): giveUpJoining(connection, .storeUnavailable, at: moment, effects: &effects)
        case .refused(let reason, let text):
            counters.authFailures += 1
            let code: SyncAuthFailureCode =
                switch reason {
                case .invalid, .claims, .unavailable: .invalidToken
                case .expired: .tokenExpired
                case .revoked: .tokenRevoked
                }
            fail(connection, code, message: text, at: moment, effects: &effects)
        }
    }

    private mutating func grant(
        _ granted: Identity, to connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        let index = connections[Int(connection.slot)].join
        var identity = granted
        let envelope = joins[slot: index].envelope
        if identity.isAssumed, identity.isAdmin, let user = envelope.userID { identity.user = user }
        let device = joins[slot: index].authentication.deviceID ?? identity.device ?? envelope.deviceID
        guard envelope.userID.map({ $0 == identity.user }) ?? true,
            identity.device.map({ $0 == device }) ?? true, envelope.deviceID.map({ $0 == device }) ?? true
        else { return giveUpJoining(connection, .identityMismatch, at: moment, effects: &effects) }
        guard let device, IdentifierRule.allows(device) else {
            return fail(connection, .deviceRequired, at: moment, effects: &effects)
        }
        joins[slot: index].authentication.deviceID = device
        joins[slot: index].identity = identity
        if connections[Int(connection.slot)].phase == .ready {
            renew(connection, identity, at: moment, effects: &effects)
        } else {
            joins[slot: index].session = (envelope.sessionID ?? identity.session).flatMap { SessionKey($0) }
            enterSession(connection, at: moment, effects: &effects)
        }
    }

    /// Answers an AUTH that can be tried again on the same connection.
    private mutating func giveUpJoining(
        _ connection: ConnectionID, _ code: SyncErrorCode, at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        let join = joins.remove(slot: connections[slot].join)
        connections[slot].join = noIndex
        if connections[slot].phase == .joining {
            connections[slot].phase = .open
            lookAfter(connection, at: moment)
        }
        refuse(code, join.envelope, from: connection, at: moment, effects: &effects)
        if isOpen(connection) { effects.resume(connection) }
    }

    /// Accepts the new credential of a connection that is ready: of the same user, device and session (PROTOCOLS 1-6).
    private mutating func renew(
        _ connection: ConnectionID, _ identity: Identity, at moment: Moment, effects: inout Effects
    ) {
        let record = connections[Int(connection.slot)]
        let join = joins[slot: record.join]
        guard identity.user == record.user else {
            return giveUpJoining(connection, .alreadyAuthenticated, at: moment, effects: &effects)
        }
        guard identity.isAdmin || identity.user == sessions[slot: record.session].owner else {
            return fail(connection, .sessionNotFound, at: moment, effects: &effects)
        }
        let isSameSession = join.envelope.sessionID.map { $0 == sessions[slot: record.session].key.text } ?? true
        guard isSameSession, join.authentication.deviceID == devices[slot: record.device].id else {
            return giveUpJoining(connection, .identityMismatch, at: moment, effects: &effects)
        }
        note(identity, of: connection)
        welcome(connection, at: moment, effects: &effects)
    }

    // MARK: Which session

    /// Brings a connection into its session: the one that was named, the user's newest, or a new one (PROTOCOLS 1-5).
    mutating func enterSession(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        let join = joins[slot: connections[Int(connection.slot)].join]
        guard let identity = join.identity else { preconditionFailure("nobody enters a session without identity") }
        guard let key = join.session ?? newSessions[identity.user] else {
            return ask(
                .newest(connection), .newest(.sessions, owner: identity.user), at: moment, effects: &effects)
        }
        let shard = key.shard(configuration)
        guard shard == configuration.shard else { return effects.move(connection, toShard: shard) }
        let session = sessionSlot(of: key)
        if sessions[slot: session].owner != nil {
            bind(connection, to: session, at: moment, effects: &effects)
        } else {
            wait(.join(connection), for: session, at: moment, effects: &effects)
        }
    }

    /// Goes on once the user's newest session is known.
    ///
    /// All who come for a user's first session meet on one loop, wherever they came: it is made once.
    mutating func foundNewest(
        _ reply: StoreReply, for connection: ConnectionID, at moment: Moment, effects: inout Effects
    ) {
        guard isOpen(connection), connections[Int(connection.slot)].join != noIndex else { return }
        let join = connections[Int(connection.slot)].join
        switch reply {
        case .found(let document?):
            guard let key = SessionKey(document.key.name) else {
                return abandon(connection, .internal, at: moment, effects: &effects)
            }
            joins[slot: join].session = key
            if key.shard(configuration) == configuration.shard { learn(sessionSlot(of: key), from: document) }
        case .found(nil):
            guard let user = joins[slot: join].identity?.user else {
                preconditionFailure("nobody asks for the session of nobody")
            }
            let home = configuration.shard(ofUser: user)
            guard home == configuration.shard else { return effects.move(connection, toShard: home) }
            if newSessions[user] == nil { newSessions[user] = newKey() }
        default: return abandon(connection, .storeUnavailable, at: moment, effects: &effects)
        }
        enterSession(connection, at: moment, effects: &effects)
    }

    /// Draws the id of a new session that this machine owns.
    private func newKey() -> SessionKey {
        while true {
            let key = SessionKey(from: entropy)
            if key.shard(configuration) == configuration.shard { return key }
        }
    }

    // MARK: Whose session

    /// Has somebody wait until it is known whose a session is, and finds that out.
    mutating func wait(
        _ waiter: SyncWaiter, for session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let work = workSlot(of: session)
        works[slot: work].waiters.append(waiter)
        guard case .idle = works[slot: work].knowing else { return }
        let name = sessions[slot: session].key.text
        let isRead = if case .unread = works[slot: work].found { false } else { true }
        works[slot: work].knowing = .reading(missing: isRead ? 1 : 2)
        if !isRead { ask(.session, .read(DocumentKey(.sessions, name)), for: session, at: moment, effects: &effects) }
        ask(.registry, .read(DocumentKey(.devices, name)), for: session, at: moment, effects: &effects)
    }

    /// Takes over what a stored session says about itself.
    mutating func learn(_ session: UInt32, from document: Document?) {
        guard sessions[slot: session].owner == nil else { return }
        let work = workSlot(of: session)
        guard let document else {
            works[slot: work].found = .missing
            return
        }
        let summary = SessionSummary(decoding: document.body)
        works[slot: work].found = summary.map { .summary($0) } ?? .damaged
    }

    /// Takes in one of the two replies that tell what a session is.
    mutating func foundSession(
        _ reply: StoreReply, isRegistry: Bool, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let work = workSlot(of: session)
        switch (reply, isRegistry) {
        case (.found(let document), false): learn(session, from: document)
        case (_, false): works[slot: work].found = .unavailable
        case (.found(let document), true): adoptRegistry(document, in: session)
        case (_, true): break  // The devices that are here can be served without those that were.
        }
        guard case .reading(let missing) = works[slot: work].knowing else {
            preconditionFailure("a session was found that nobody looks for")
        }
        if missing > 1 {
            works[slot: work].knowing = .reading(missing: missing - 1)
        } else {
            settle(session, at: moment, effects: &effects)
        }
    }

    /// Lets those go on who waited to know whose a session is; a session that does not exist is made for a connection.
    private mutating func settle(_ session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        if case .summary(let summary) = works[slot: work].found { know(session, summary) }
        if case .missing = works[slot: work].found, let owner = firstJoiner(of: session) {
            works[slot: work].knowing = .creating(owner: owner)
            return create(session, owner: owner, at: moment, effects: &effects)
        }
        dismissWaiters(of: session, at: moment, effects: &effects)
    }

    private mutating func know(_ session: UInt32, _ summary: SessionSummary) {
        sessions[slot: session].owner = summary.user
        sessions[slot: session].version = summary.version
    }

    /// The user for whom a session is made.
    private func firstJoiner(of session: UInt32) -> String? {
        for case .join(let connection) in works[slot: sessions[slot: session].work].waiters where isOpen(connection) {
            let join = connections[Int(connection.slot)].join
            if join != noIndex { return joins[slot: join].identity?.user }
        }
        return nil
    }

    private mutating func create(_ session: UInt32, owner: String, at moment: Moment, effects: inout Effects) {
        let document = SessionDocument(user: owner, at: moment.timestamp)
        let write = DocumentWrite(
            key: DocumentKey(.sessions, sessions[slot: session].key.text), expecting: .absence,
            version: SessionDocument.revision(of: 0), body: document.encoded, owner: owner,
            ownerLimit: SyncLimits.sessionsMax, expiresAt: moment.timestamp + configuration.sessionLife)
        ask(.creation, .write(write), for: session, at: moment, effects: &effects)
    }

    /// Goes on once a new session is stored, or cannot be.
    mutating func created(_ reply: StoreReply, _ session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        guard case .creating(let owner) = works[slot: work].knowing else {
            preconditionFailure("a session was stored that nobody made")
        }
        if newSessions[owner] == sessions[slot: session].key { newSessions[owner] = nil }
        switch reply {
        case .written:
            counters.sessionsCreated += 1
            sessions[slot: session].owner = owner
            inform(of: session, "session_created", at: moment, effects: &effects)
        case .conflict(let document?):
            learn(session, from: document)
            if case .summary(let summary) = works[slot: work].found { know(session, summary) }
        case .ownerIsFull: return refuseJoiners(of: session, at: moment, effects: &effects)
        default:
            // Live traffic goes on without a store (PROTOCOLS 1-32); the session is stored with its first write.
            sessions[slot: session].owner = owner
        }
        dismissWaiters(of: session, at: moment, effects: &effects)
    }

    /// Turns those away for whom one session too many would have been made (PROTOCOLS 1-29).
    private mutating func refuseJoiners(of session: UInt32, at moment: Moment, effects: inout Effects) {
        for waiter in takeWaiters(of: session) {
            switch waiter {
            case .join(let connection) where isOpen(connection):
                fail(connection, .sessionLimit, at: moment, effects: &effects)
            case .join: break
            case .operation(let operation):
                endWaiting(operation, effects: &effects)
                answer(operation, with: .sessionNotFound, at: moment, effects: &effects)
            }
        }
    }

    private mutating func takeWaiters(of session: UInt32) -> [SyncWaiter] {
        let work = workSlot(of: session)
        let waiters = works[slot: work].waiters
        works[slot: work].waiters = []
        works[slot: work].knowing = .idle
        works[slot: work].found = .unread
        return waiters
    }

    private mutating func dismissWaiters(of session: UInt32, at moment: Moment, effects: inout Effects) {
        let finding = works[slot: workSlot(of: session)].found
        if !newSessions.isEmpty, let user = firstJoiner(of: session),
            newSessions[user] == sessions[slot: session].key
        {
            newSessions[user] = nil
        }
        for waiter in takeWaiters(of: session) {
            switch waiter {
            case .join(let connection):
                guard isOpen(connection), connections[Int(connection.slot)].join != noIndex else { continue }
                if sessions[slot: session].owner != nil {
                    bind(connection, to: session, at: moment, effects: &effects)
                } else if case .damaged = finding {
                    abandon(connection, .internal, at: moment, effects: &effects)
                } else {
                    abandon(connection, .storeUnavailable, at: moment, effects: &effects)
                }
            case .operation(let operation):
                endWaiting(operation, effects: &effects)
                perform(operation, in: session, finding, at: moment, effects: &effects)
            }
        }
    }
}
