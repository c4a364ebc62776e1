package import SessionBase
package import SessionCodec

/// HTTP requests, and reads of sessions (PROTOCOLS §3.3).
extension SyncMachine {
    /// Handles an HTTP request about a session of this shard, from a peer whose credential was verified.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: SyncCall, by identity: Identity, at moment: Moment, effects: inout Effects
    ) {
        counters.requests += 1
        let operation = SyncOperation(
            action: .call(call), asker: .request(ticket, call.actor(identity)), since: moment.instant)
        guard call.isFrom(identity) else {
            return answer(operation, with: .identityMismatch, at: moment, effects: &effects)
        }
        guard let key = SessionKey(call.sessionID) else {
            return answer(operation, with: .invalidSessionID, at: moment, effects: &effects)
        }
        let session = sessionSlot(of: key)
        if call.needsKnownSession, sessions[slot: session].owner == nil {
            if beginWaiting(operation, effects: &effects) {
                wait(.operation(operation), for: session, at: moment, effects: &effects)
            } else {
                answer(operation, with: .storeUnavailable, at: moment, effects: &effects)
            }
        } else {
            perform(operation, in: session, .unread, at: moment, effects: &effects)
        }
        forgetIfIdle(session)
    }

    // MARK: Reading

    /// Reads a session from the store, which keeps it alive for as long again (seed 001, *Redis Integration*).
    mutating func read(
        _ operation: SyncOperation, _ key: SessionKey, _ session: UInt32 = noIndex, at moment: Moment,
        effects: inout Effects
    ) {
        guard beginWaiting(operation, effects: &effects) else {
            return answer(operation, with: .storeUnavailable, at: moment, effects: &effects)
        }
        let until = moment.timestamp + configuration.sessionLife
        let request = StoreRequest.read(DocumentKey(.sessions, key.text), extendingTo: until)
        ask(.read(operation), request, for: session, at: moment, effects: &effects)
    }

    /// Answers one who reads.
    mutating func didRead(
        _ reply: StoreReply, _ operation: SyncOperation, _ session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        endWaiting(operation, effects: &effects)
        guard case .found(let document) = reply else {
            return answer(operation, with: .storeUnavailable, at: moment, effects: &effects)
        }
        do throws(DamagedDocument) {
            let content = try document.map { document throws(DamagedDocument) in
                try SessionDocument(decoding: document.body)
            }
            counters.snapshotReads.record(1, at: moment.instant)
            counters.readLatency.record(moment.instant - operation.since)
            answer(
                operation, reading: content, session, expiresAt: document?.expiresAt, at: moment, effects: &effects)
        } catch {
            counters.damagedDocuments += 1
            answer(operation, with: .internal, at: moment, effects: &effects)
        }
    }

    private mutating func answer(
        _ operation: SyncOperation, reading document: SessionDocument?, _ session: UInt32, expiresAt: Timestamp?,
        at moment: Moment, effects: inout Effects
    ) {
        switch (operation.action, operation.asker) {
        case (.read(let version), .connection(let connection, _)):
            guard isOpen(connection) else { return }
            if let document, !mayRead(document, connection, session) {
                return answer(operation, with: .sessionNotFound, at: moment, effects: &effects)
            }
            let snapshot = SyncSnapshotAnswer(document, known: version)
            let outcome = SyncOutcome(reply: .message(.snapshotResponse(snapshot)))
            answer(operation, with: outcome, at: moment, effects: &effects)
        case (.call(.redeemHandoff(let redemption)), .request):
            guard let document, operation.isAllowed(document.summary.user) else {
                return answer(operation, with: .sessionNotFound, at: moment, effects: &effects)
            }
            enqueue(
                HandoffOperation(operation, .redeem(redemption, document)), in: session, at: moment,
                effects: &effects)
        case (.call(.getSnapshot(_, let condition)), .request):
            let until = expiresAt ?? moment.timestamp + configuration.sessionLife
            let outcome = operation.answerGet(document, unless: condition, expiresAt: until)
            answer(operation, with: outcome, at: moment, effects: &effects)
        default: preconditionFailure("an operation read that has no use for it")
        }
    }

    /// Whether a connection may see a session: its own, another one of its user, or any as an administrator.
    private func mayRead(_ document: SessionDocument, _ connection: ConnectionID, _ session: UInt32) -> Bool {
        let record = connections[Int(connection.slot)]
        return record.session == session || record.isAdmin || document.summary.user == record.user
    }

    // MARK: Devices

    /// Handles a request for which it must be known whose the session is, and which devices it has.
    mutating func handle(
        _ call: SyncCall, of operation: SyncOperation, in session: UInt32, _ finding: SessionFinding,
        at moment: Moment, effects: inout Effects
    ) {
        guard let owner = sessions[slot: session].owner, operation.isAllowed(owner) else {
            return answer(operation, with: finding.failure, at: moment, effects: &effects)
        }
        switch call {
        case .listDevices(let name):
            let response = SyncResponse.devices(session: name, deviceList(of: session, at: moment))
            answer(operation, with: SyncOutcome(reply: .response(response)), at: moment, effects: &effects)
        case .disconnectDevice(let disconnection):
            disconnect(disconnection, operation, in: session, at: moment, effects: &effects)
        case .offerHandoff(let offer):
            offerHandoff(offer, operation, in: session, at: moment, effects: &effects)
        default: preconditionFailure("\(call.name) needs no devices")
        }
    }

    /// Takes a device out of its session (PROTOCOLS 1-23).
    private mutating func disconnect(
        _ disconnection: SyncDisconnection, _ operation: SyncOperation, in session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        guard !disconnection.revokesTokens else {
            let failure = SyncFailure.field("revoke", .invalidOption, "revoke by POST /admin/revocations")
            return answer(operation, with: .failed(failure), at: moment, effects: &effects)
        }
        guard let device = device(disconnection.device, of: session) else {
            return answer(operation, with: .deviceNotFound, at: moment, effects: &effects)
        }
        guard beginWaiting(operation, effects: &effects) else {
            return answer(operation, with: .storeUnavailable, at: moment, effects: &effects)
        }
        let wasPresent = devices[slot: device].isPresent
        let connection = devices[slot: device].connection
        let lastHeard = connection.map { connections[Int($0.slot)].lastHeard }
        if let connection {
            unbind(connection)
            doom(connection, .kicked, effects: &effects)
        }
        if wasPresent { end(device, .removed, lastHeard: lastHeard, at: moment, effects: &effects) }
        removeRecord(device)
        let response = SyncResponse.disconnected(
            session: disconnection.session, device: disconnection.device, connectionsClosed: connection == nil ? 0 : 1)
        let work = workSlot(of: session)
        works[slot: work].removedDevices.append(disconnection.device)
        works[slot: work].registryAskers.append((operation, SyncOutcome(reply: .response(response))))
        writeRegistry(of: session, at: moment, effects: &effects)
    }

    // MARK: Answers

    /// Tells an asker that it does not get what it asked for.
    mutating func answer(
        _ operation: SyncOperation, with code: SyncFailureCode, at moment: Moment, effects: inout Effects
    ) {
        answer(operation, with: .failed(SyncFailure(code)), at: moment, effects: &effects)
    }

    /// Tells an asker what came of it.
    mutating func answer(
        _ operation: SyncOperation, with outcome: SyncOutcome, at moment: Moment, effects: inout Effects
    ) {
        switch (operation.asker, outcome.reply) {
        case (_, .none): break
        case (.request(let ticket, _), .response(let response)): effects.respond(ticket, response)
        case (.request(let ticket, _), .failure(let failure)):
            counters.requestFailures += 1
            effects.respond(ticket, failure.response)
        case (.connection(let connection, let correlation), .message(let message)):
            if case .error(let code, _, _) = message { counters.failed(code) }
            reply(message, correlation, to: connection, at: moment, effects: &effects)
        case (.connection(let connection, let correlation), .failure(let failure)):
            var envelope = SyncEnvelope()
            envelope.correlationID = correlation
            let code = SyncErrorCode(failure.code)
            refuse(
                code, envelope, message: code.message.description, details: failure.details, from: connection,
                at: moment, effects: &effects)
        case (.request, .message), (.connection, .response):
            preconditionFailure("an answer goes another way than its question came")
        }
    }
}

extension SyncOperation {
    /// Answers `GET /session/{uuid}`.
    fileprivate func answerGet(
        _ document: SessionDocument?, unless condition: VersionCondition?, expiresAt: Timestamp
    ) -> SyncOutcome {
        do throws(SyncFailure) {
            guard let document, isAllowed(document.summary.user), case .call(let call) = action else {
                throw SyncFailure(.sessionNotFound)
            }
            return SyncOutcome(
                reply: .response(try document.response(call.sessionID, unless: condition, expiresAt: expiresAt)))
        } catch {
            return .failed(error)
        }
    }
}

extension SessionFinding {
    /// Why nobody can say whose a session is, or that it is somebody else's.
    fileprivate var failure: SyncFailureCode {
        switch self {
        case .unavailable: .storeUnavailable
        case .damaged: .internal
        case .unread, .missing, .summary: .sessionNotFound
        }
    }
}

extension SyncCall {
    /// Whether it is about devices, so that it must be known first whose the session is.
    fileprivate var needsKnownSession: Bool {
        switch self {
        case .listDevices, .disconnectDevice, .offerHandoff: true
        case .putSnapshot, .getSnapshot, .deleteSession, .patch, .resolve, .redeemHandoff: false
        }
    }

    /// Who acts: in open mode whom the body names (PROTOCOLS 1-3, §3.5).
    fileprivate func actor(_ identity: Identity) -> Identity {
        guard identity.isAssumed, identity.isAdmin, let user else { return identity }
        var actor = identity
        actor.user = user
        return actor
    }

    /// Whether the body names nobody but the credential's user and device (PROTOCOLS §3.5).
    fileprivate func isFrom(_ identity: Identity) -> Bool {
        if identity.isAdmin { return true }
        if let user, user != identity.user { return false }
        guard let claimed = identity.device, let device else { return true }
        return device == claimed
    }

    private var user: String? {
        switch self {
        case .putSnapshot(let write): write.user
        case .patch(let patch): patch.user
        case .resolve(let resolution): resolution.user
        default: nil
        }
    }

    private var device: String? {
        switch self {
        case .putSnapshot(let write): write.device
        case .patch(let patch): patch.device
        case .resolve(let resolution): resolution.device
        case .redeemHandoff(let redemption): redemption.caller
        case .offerHandoff(let offer): offer.caller
        default: nil
        }
    }
}
