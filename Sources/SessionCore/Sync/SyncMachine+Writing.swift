import SessionBase
import SessionCodec

/// The one writer of each session's state (PROTOCOLS 1-13, C20).
///
/// *idle* → (an operation comes) → *loading*, where nothing is cached → *writing* → *idle*. What arrives while a write is in
/// flight is applied to what it wrote and leaves as one next write. A write that meets another version is made again on what
/// stands there. Nobody is answered or told before the write is durable; where the store cannot do it, everybody who waits
/// hears so, and the cached state is dropped, as the write may have happened.
extension SyncMachine {
    /// Does an operation as soon as its turn comes.
    ///
    /// - Parameter finding: What the store said of the session, to one who waited for that.
    mutating func perform(
        _ operation: SyncOperation, in session: UInt32, _ finding: SessionFinding, at moment: Moment,
        effects: inout Effects
    ) {
        switch operation.action {
        case .update: enqueue(operation, in: session, at: moment, effects: &effects)
        case .read: readInTurn(operation, in: session, at: moment, effects: &effects)
        case .call(let call):
            switch call {
            case .putSnapshot, .patch, .resolve, .deleteSession:
                enqueue(operation, in: session, at: moment, effects: &effects)
            case .getSnapshot: readInTurn(operation, in: session, at: moment, effects: &effects)
            case .redeemHandoff: read(operation, sessions[slot: session].key, session, at: moment, effects: &effects)
            case .listDevices, .disconnectDevice, .offerHandoff:
                handle(call, of: operation, in: session, finding, at: moment, effects: &effects)
            }
        }
    }

    /// Reads after what the session's writer has to do, so that a client sees what it wrote.
    private mutating func readInTurn(
        _ operation: SyncOperation, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let work = sessions[slot: session].work
        if work != noIndex, !works[slot: work].isWriterIdle {
            enqueue(operation, in: session, at: moment, effects: &effects)
        } else {
            read(operation, sessions[slot: session].key, session, at: moment, effects: &effects)
        }
    }

    private mutating func enqueue(
        _ operation: SyncOperation, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        guard beginWaiting(operation, effects: &effects) else {
            return answer(operation, with: .storeUnavailable, at: moment, effects: &effects)
        }
        let work = workSlot(of: session)
        works[slot: work].queue.append(operation)
        if case .idle = works[slot: work].stage { advance(session, at: moment, effects: &effects) }
    }

    /// Takes the next step of a session's writer, which must be idle.
    mutating func advance(_ session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        while !works[slot: work].queue.isEmpty {
            guard let standing = works[slot: work].standing ?? cachedState(of: session) else {
                works[slot: work].stage = .loading
                let until = moment.timestamp + configuration.sessionLife
                let key = DocumentKey(.sessions, sessions[slot: session].key.text)
                return ask(.load, .read(key, extendingTo: until), for: session, at: moment, effects: &effects)
            }
            works[slot: work].standing = standing
            guard applyQueue(of: session, to: standing, at: moment, effects: &effects) else { return }
        }
        keep(works[slot: work].standing, of: session)
        works[slot: work].standing = nil
        dropIfIdle(session)
    }

    private mutating func dropIfIdle(_ session: UInt32) {
        let work = sessions[slot: session].work
        if work != noIndex, works[slot: work].outstanding == 0 { forgetIfIdle(session) }
    }

    /// Applies what waits, up to a removal, and writes what came of it.
    ///
    /// - Returns: Whether the writer is idle still: nothing was to be written.
    private mutating func applyQueue(
        of session: UInt32, to standing: StandingSession, at moment: Moment, effects: inout Effects
    ) -> Bool {
        let work = workSlot(of: session)
        if works[slot: work].queue[0].isRemoval {
            return beginRemoval(of: session, standing, at: moment, effects: &effects)
        }
        let operations = Array(works[slot: work].queue.prefix { !$0.isRemoval })
        let place = SyncOperation.Place(
            session: sessions[slot: session].key.text, owner: sessions[slot: session].owner,
            configuration: configuration, moment: moment)
        var document = standing.document
        let outcomes = operations.map { $0.apply(to: &document, at: place) }
        guard let document, document.state.version != standing.document?.state.version ?? 0 else {
            // Another node may have written since: without a write of our own, which would meet that, nothing is said that
            // the store does not say now.
            guard standing.isFresh else { return dropStanding(of: session) }
            works[slot: work].queue.removeFirst(operations.count)
            release(operations, outcomes, in: session, at: moment, effects: &effects)
            return true
        }
        works[slot: work].queue.removeFirst(operations.count)
        works[slot: work].inFlight = operations
        works[slot: work].outcomes = outcomes
        works[slot: work].applied = document
        works[slot: work].stage = .writing
        write(document, over: standing.document, of: session, at: moment, effects: &effects)
        return false
    }

    /// Forgets what was cached of a session, so that it is read again.
    ///
    /// - Returns: `true`: the writer is idle.
    mutating func dropStanding(of session: UInt32) -> Bool {
        forgetState(of: session)
        works[slot: workSlot(of: session)].standing = nil
        return true
    }

    private mutating func write(
        _ document: SessionDocument, over standing: SessionDocument?, of session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        let expected = standing.map { DocumentWrite.Expectation.version($0.revision) } ?? .absence
        let write = DocumentWrite(
            key: DocumentKey(.sessions, sessions[slot: session].key.text), expecting: expected,
            version: document.revision, body: document.encoded, owner: document.summary.user,
            ownerLimit: SyncLimits.sessionsMax, expiresAt: moment.timestamp + configuration.sessionLife)
        ask(.write, .write(write), for: session, at: moment, effects: &effects)
    }

    // MARK: Replies

    /// Goes on with the state as it stands in the store.
    mutating func loaded(_ reply: StoreReply, _ session: UInt32, at moment: Moment, effects: inout Effects) {
        works[slot: workSlot(of: session)].stage = .idle
        guard case .found(let document) = reply else {
            return failWaiting(in: session, .storeUnavailable, at: moment, effects: &effects)
        }
        stand(on: document, in: session, at: moment, effects: &effects)
    }

    /// Goes on after a write.
    mutating func wrote(_ reply: StoreReply, _ session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        let (operations, outcomes) = (works[slot: work].inFlight, works[slot: work].outcomes)
        let written = works[slot: work].applied
        works[slot: work].inFlight = []
        works[slot: work].outcomes = []
        works[slot: work].applied = nil
        works[slot: work].stage = .idle
        switch reply {
        case .written:
            works[slot: work].standing = StandingSession(document: written, isFresh: true)
            if let written {
                sessions[slot: session].version = written.state.version
                if sessions[slot: session].owner != nil { sessions[slot: session].owner = written.summary.user }
            }
            counters.snapshotWrites.record(operations.count, at: moment.instant)
            release(operations, outcomes, in: session, at: moment, effects: &effects)
            advance(session, at: moment, effects: &effects)
        case .conflict(let document):
            counters.writeRetries += 1
            works[slot: work].queue = operations + works[slot: work].queue
            stand(on: document, in: session, at: moment, effects: &effects)
        case .ownerIsFull:
            for operation in operations {
                endWaiting(operation, effects: &effects)
                answer(operation, with: .sessionLimit, at: moment, effects: &effects)
            }
            advance(session, at: moment, effects: &effects)
        default:
            works[slot: work].queue = operations + works[slot: work].queue
            failWaiting(in: session, .storeUnavailable, at: moment, effects: &effects)
        }
    }

    /// Goes on from a document that was just read.
    private mutating func stand(
        on document: Document?, in session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        do throws(DamagedDocument) {
            let content = try document.map { document throws(DamagedDocument) in
                try SessionDocument(decoding: document.body)
            }
            forgetState(of: session)
            works[slot: workSlot(of: session)].standing = StandingSession(document: content, isFresh: true)
            advance(session, at: moment, effects: &effects)
        } catch {
            counters.damagedDocuments += 1
            failWaiting(in: session, .internal, at: moment, effects: &effects)
        }
    }

    /// Tells everybody who waits for a session's writer that it cannot be done.
    mutating func failWaiting(
        in session: UInt32, _ code: SyncFailureCode, at moment: Moment, effects: inout Effects
    ) {
        let work = workSlot(of: session)
        let operations = works[slot: work].queue
        works[slot: work].queue = []
        works[slot: work].standing = nil
        forgetState(of: session)
        for operation in operations {
            endWaiting(operation, effects: &effects)
            answer(operation, with: code, at: moment, effects: &effects)
        }
    }

    /// Answers those whose operations are durable now, and tells the devices.
    private mutating func release(
        _ operations: [SyncOperation], _ outcomes: [SyncOutcome], in session: UInt32, at moment: Moment,
        effects: inout Effects
    ) {
        for (operation, outcome) in zip(operations, outcomes) {
            endWaiting(operation, effects: &effects)
            counters.note(operation, outcome, at: moment.instant)
            answer(operation, with: outcome, at: moment, effects: &effects)
            for message in outcome.pushes {
                push(
                    message, in: session, origin: outcome.origin, device: outcome.device, at: moment,
                    effects: &effects)
            }
            if let device = operation.deviceToRegister, outcome.isSuccess {
                registerOffline(device, in: session, at: moment, effects: &effects)
            }
        }
    }

    // MARK: The cache

    private mutating func cachedState(of session: UInt32) -> StandingSession? {
        let place = sessions[slot: session].cached
        guard place != noIndex else { return nil }
        return cache.document(at: place).map { StandingSession(document: $0, isFresh: false) }
    }

    mutating func forgetState(of session: UInt32) {
        guard sessions[slot: session].cached != noIndex else { return }
        cache.remove(at: sessions[slot: session].cached)
        sessions[slot: session].cached = noIndex
    }

    /// Keeps what stands in the store for the next write.
    private mutating func keep(_ standing: StandingSession?, of session: UInt32) {
        guard let standing, standing.isFresh else { return }
        forgetState(of: session)
        guard let document = standing.document, let kept = cache.insert(document, of: session) else { return }
        sessions[slot: session].cached = kept.place
        for other in kept.evicted {
            sessions[slot: other].cached = noIndex
            forgetIfIdle(other)
        }
    }
}

extension SyncWork {
    /// Whether the session's writer has nothing to do.
    var isWriterIdle: Bool {
        guard case .idle = stage else { return false }
        return queue.isEmpty
    }
}

extension SessionDocument {
    /// The store's own number for it.
    var revision: UInt64 { Self.revision(of: state.version) }
}

extension SyncOperation {
    /// Whether it removes the session.
    var isRemoval: Bool {
        guard case .call(.deleteSession) = action else { return false }
        return true
    }

    /// Whether it is a request without a credential: open mode.
    var isAssumed: Bool {
        guard case .request(_, let identity) = asker else { return false }
        return identity.isAssumed
    }

    /// The device that a write over HTTP registers, in open mode (PROTOCOLS §3.5).
    fileprivate var deviceToRegister: String? {
        guard isAssumed, case .call(let call) = action else { return nil }
        switch call {
        case .putSnapshot(let write): return write.device
        case .patch(let patch): return patch.device
        case .resolve(let resolution): return resolution.device
        default: return nil
        }
    }
}

extension SyncOutcome {
    /// Whether the asker got what it asked for.
    var isSuccess: Bool {
        switch reply {
        case .failure, .message(.error): false
        case .none, .message, .response: true
        }
    }
}
