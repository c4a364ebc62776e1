import SessionBase
import SessionCodec

/// What an operation does to a session's state, and what is told once that is durable: a pure step, taken again on another
/// state where somebody else wrote first (PROTOCOLS 1-12 to 1-17, 1-28, 1-29).
extension SyncOperation {
    /// Where and when an operation is applied.
    struct Place {
        /// The session's id.
        var session: String
        /// Whose a session becomes that a STATE_UPDATE makes.
        var owner: String?
        var configuration: SyncConfiguration
        var moment: Moment

        /// When the session ceases to exist if nothing else happens.
        var expiresAt: Timestamp { moment.timestamp + configuration.sessionLife }
    }

    /// Applies the operation to what stands in the store; `document` is changed only where the outcome says so.
    func apply(to document: inout SessionDocument?, at place: Place) -> SyncOutcome {
        switch action {
        case .update(let update, let device, let serial):
            return apply(update, device, serial, to: &document, at: place)
        case .read(let version): return answerRead(version, document)
        case .call(let call):
            do throws(SyncFailure) {
                return try apply(call, to: &document, at: place)
            } catch {
                return .failed(error)
            }
        }
    }

    // MARK: STATE_UPDATE

    private func apply(
        _ update: SyncStateUpdate, _ device: String, _ serial: UInt32, to document: inout SessionDocument?,
        at place: Place
    ) -> SyncOutcome {
        var changed = document ?? SessionDocument(user: place.owner ?? "", at: place.moment.timestamp)
        if let base = update.baseVersion, let conflict = Self.conflict(changed.state, base, [update.key]) {
            return .failed(conflict)
        }
        changed.begin(version: changed.state.version + 1, device: device, at: place.moment.timestamp)
        do throws(StateOperationError) {
            _ = try changed.state.apply(update.operation, update.value?.text ?? "", to: update.key)
        } catch {
            return .refused(.invalidOperation, error.sentence)
        }
        if changed.state.crossedLimit != nil { return .refused(.stateTooLarge) }
        document = changed
        return SyncOutcome(updated: update, by: device, serial, version: changed.state.version, self)
    }

    /// The conflict of an operation that was made for an older version, or one that does not exist (PROTOCOLS 1-15).
    private static func conflict(_ state: SessionState, _ base: UInt64, _ keys: [String]) -> SyncFailure? {
        let conflicting = state.changed(since: base, among: keys)
        guard base > state.version || !conflicting.isEmpty else { return nil }
        return .versionConflict(
            serverVersion: state.version, baseVersion: base, conflictingKeys: conflicting, state: nil)
    }

    /// Answers a SNAPSHOT_REQUEST from what was just written.
    private func answerRead(_ known: UInt64?, _ document: SessionDocument?) -> SyncOutcome {
        SyncOutcome(reply: .message(.snapshotResponse(SyncSnapshotAnswer(document, known: known))))
    }

    // MARK: HTTP

    private func apply(
        _ call: SyncCall, to document: inout SessionDocument?, at place: Place
    ) throws(SyncFailure) -> SyncOutcome {
        if let document, !isAllowed(document.summary.user) { throw SyncFailure(.sessionNotFound) }
        if case .putSnapshot(let write) = call { return try put(write, to: &document, at: place) }
        guard let found = document else { throw SyncFailure(.sessionNotFound) }
        switch call {
        case .patch(let patch): return try apply(patch, found, to: &document, at: place)
        case .resolve(let resolution): return try resolve(resolution, found, to: &document, at: place)
        case .getSnapshot(_, let condition):
            return SyncOutcome(
                reply: .response(try found.response(place.session, unless: condition, expiresAt: place.expiresAt)))
        default: preconditionFailure("\(call.name) changes no state")
        }
    }

    /// Whether the asker may touch sessions of a user (PROTOCOLS 1-28).
    func isAllowed(_ owner: String) -> Bool {
        guard case .request(_, let identity) = asker else { return true }
        return identity.isAdmin || identity.user == owner
    }

    /// Stores a whole state (PROTOCOLS 1-14).
    private func put(
        _ write: SyncSnapshotWrite, to document: inout SessionDocument?, at place: Place
    ) throws(SyncFailure) -> SyncOutcome {
        let standing = document?.state.version ?? 0
        let members = StateMember.members(of: write.state)
        if let condition = write.condition, !condition.matches(standing == 0 ? nil : standing) {
            throw .preconditionFailed(serverVersion: standing)
        }
        if let document, standing > 0, write.version == standing, document.state.hasSameValues(as: members) {
            return SyncOutcome(reply: .response(document.stored(place, isNew: false)))
        }
        guard Self.makes(standing + 1, write, place.configuration) else {
            throw .versionConflict(
                serverVersion: standing, baseVersion: (write.version ?? 1) - min(1, write.version ?? 1),
                conflictingKeys: nil, state: nil)
        }
        var changed = document ?? SessionDocument(user: write.user, at: place.moment.timestamp)
        changed.begin(version: standing + 1, device: write.device, at: place.moment.timestamp)
        changed.summary.appVersion = write.appVersion ?? changed.summary.appVersion
        changed.state.replace(with: members)
        try changed.state.checkLimits()
        document = changed
        return .replaced(changed.stored(place, isNew: standing == 0), version: standing + 1, by: write.device)
    }

    /// Whether a snapshot may become a version: the one it names, or whatever comes next where it names none.
    private static func makes(
        _ version: UInt64, _ write: SyncSnapshotWrite, _ configuration: SyncConfiguration
    ) -> Bool {
        guard let wanted = write.version else {
            return version == 1 || write.condition != nil || !configuration.requiresVersion
        }
        return wanted == version || (version == 1 && wanted == 0)
    }

    /// Changes some keys (PROTOCOLS 1-15).
    private func apply(
        _ patch: SyncPatch, _ found: SessionDocument, to document: inout SessionDocument?, at place: Place
    ) throws(SyncFailure) -> SyncOutcome {
        let standing = found.state.version
        let changes = StateMember.members(of: patch.changes)
        let touched = changes.map(\.key) + patch.deletedKeys
        guard patch.baseVersion <= standing else {
            throw .versionAhead(serverVersion: standing, baseVersion: patch.baseVersion)
        }
        let isStale = patch.baseVersion < standing
        if isStale {
            let conflicting = found.state.changed(since: patch.baseVersion, among: touched)
            guard patch.mergesAutomatically, conflicting.isEmpty else {
                throw .versionConflict(
                    serverVersion: standing, baseVersion: patch.baseVersion, conflictingKeys: conflicting,
                    state: found.state.fragment)
            }
        }
        var changed = found
        changed.begin(version: standing + 1, device: patch.device, at: place.moment.timestamp)
        for member in changes { changed.state.set(member.key, to: member.value) }
        for key in patch.deletedKeys { changed.state.delete(key) }
        try changed.state.checkLimits()
        document = changed
        let response = SyncResponse.patched(
            session: place.session, version: standing + 1, appliedKeys: changes.map(\.key),
            deletedKeys: patch.deletedKeys, isMerged: isStale)
        return .patched(response, changes, deleted: patch.deletedKeys, version: standing + 1, by: patch.device)
    }

    /// Makes one state of two (PROTOCOLS 1-16, 1-17).
    private func resolve(
        _ resolution: SyncResolution, _ found: SessionDocument, to document: inout SessionDocument?, at place: Place
    ) throws(SyncFailure) -> SyncOutcome {
        guard resolution.clientVersion < 1 << 53 else { throw .field("client_version", .invalidVersion) }
        let resolved = ConflictResolution(
            server: found.state.members, client: StateMember.members(of: resolution.clientState),
            strategy: resolution.strategy, isDeep: resolution.isDeep)
        var changed = found
        if resolution.strategy != .serverWins {
            let version = max(found.state.version, resolution.clientVersion) + 1
            changed.begin(version: version, device: resolution.device, at: place.moment.timestamp)
            changed.state.replace(with: resolved.members)
            try changed.state.checkLimits()
        }
        let response = SyncResponse.resolved(
            session: place.session, strategy: resolution.strategy, version: changed.state.version,
            state: changed.state.fragment, conflicts: resolved.conflicts)
        guard resolution.strategy != .serverWins else { return SyncOutcome(reply: .response(response)) }
        document = changed
        return .replaced(response, version: changed.state.version, by: resolution.device)
    }
}

extension SessionDocument {
    /// Begins a version that a device makes; the changes that follow belong to it.
    fileprivate mutating func begin(version: UInt64, device: String?, at time: Timestamp) {
        state.begin(version: version)
        summary.version = version
        summary.device = device ?? summary.device
        summary.updatedAt = time
    }

    /// The answer to a snapshot that stands now.
    fileprivate func stored(_ place: SyncOperation.Place, isNew: Bool) -> HTTPResponse {
        SyncResponse.stored(
            session: place.session, version: state.version, isNew: isNew, updatedAt: summary.updatedAt,
            expiresAt: place.expiresAt, sizeBytes: state.byteCount)
    }

    /// Answers `GET /session/{uuid}`; a session that was never written has no snapshot.
    func response(
        _ session: String, unless condition: VersionCondition?, expiresAt: Timestamp
    ) throws(SyncFailure) -> HTTPResponse {
        guard state.version > 0 else { throw SyncFailure(.sessionNotFound) }
        if let condition, condition.matches(state.version) { return SyncResponse.notModified(version: state.version) }
        return SyncResponse.snapshot(
            SyncSnapshot(
                session: session, user: summary.user, state: state.fragment, device: summary.device,
                appVersion: summary.appVersion, version: state.version, createdAt: summary.createdAt,
                updatedAt: summary.updatedAt, expiresAt: expiresAt))
    }
}

extension SyncSnapshotAnswer {
    /// The answer to a client that may have a version already.
    init(_ document: SessionDocument?, known: UInt64?) {
        guard let document, document.state.version > 0 else {
            self = .missing
            return
        }
        let version = document.state.version
        self =
            known == version
            ? .unchanged(version: version)
            : .found(version: version, state: document.state.fragment, updatedAt: document.summary.updatedAt)
    }
}

extension SessionState {
    /// Holds a state that came over HTTP against the limits (PROTOCOLS 1-29).
    fileprivate func checkLimits() throws(SyncFailure) {
        switch crossedLimit {
        case .bytes: throw SyncFailure(.snapshotTooLarge)
        case .keys: throw SyncFailure(.invalidState)
        case nil: break
        }
    }
}

extension StateOperationError {
    /// What people read.
    fileprivate var sentence: String {
        switch self {
        case .notANumber: "INCREMENT needs a number, and a number or nothing at the key"
        case .notAnObject: "MERGE needs an object, and an object or nothing at the key"
        }
    }
}
