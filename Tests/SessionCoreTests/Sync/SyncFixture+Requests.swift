import SessionBase
import SessionCodec
import SessionCore

/// What tests ask for most, in few words.
extension SyncFixture {
    /// What the store holds under a name.
    func document(_ collection: DocumentCollection, _ name: String) -> Document? {
        var copy = store
        guard case .found(let document) = copy.handle(.read(DocumentKey(collection, name)), at: moment.timestamp)
        else { return nil }
        return document
    }

    /// Makes a stored document unreadable.
    mutating func damage(_ collection: DocumentCollection, _ name: String) {
        guard let document = document(collection, name) else { preconditionFailure("nothing to damage") }
        let write = DocumentWrite(
            key: document.key, expecting: .anything, version: document.version + 1, body: [9], owner: document.owner)
        _ = store.handle(.write(write), at: moment.timestamp)
    }

    /// Stores a state as a user.
    @discardableResult
    mutating func put(
        _ state: String, in session: String = .named, as user: String = "u1", device: String? = nil,
        version: UInt64? = nil, ifMatch condition: VersionCondition? = nil
    ) -> HTTPResponse {
        let write = SyncSnapshotWrite(
            session: session, user: Identity(token: user).user, state: .json(state), device: device,
            version: version, condition: condition)
        return request(.putSnapshot(write), as: user)
    }

    /// Reads a state as a user.
    @discardableResult
    mutating func get(
        _ session: String = .named, as user: String = "u1", unless condition: VersionCondition? = nil
    ) -> HTTPResponse {
        request(.getSnapshot(session: session, unless: condition), as: user)
    }

    /// Changes keys as a user.
    @discardableResult
    mutating func patch(
        _ changes: String, deleting keys: [String] = [], base: UInt64, merging: Bool = false, device: String? = nil,
        as user: String = "u1"
    ) -> HTTPResponse {
        let patch = SyncPatch(
            session: .named, user: Identity(token: user).user, baseVersion: base, changes: .json(changes),
            deletedKeys: keys, device: device, mergesAutomatically: merging)
        return request(.patch(patch), as: user)
    }

    /// Resolves a conflict as a user.
    @discardableResult
    mutating func resolve(
        _ state: String, _ strategy: SyncStrategy, version: UInt64, isDeep: Bool = false, as user: String = "u1"
    ) -> HTTPResponse {
        let resolution = SyncResolution(
            session: .named, clientVersion: version, clientState: .json(state), strategy: strategy, isDeep: isDeep)
        return request(.resolve(resolution), as: user)
    }

    /// Changes a key on a connection.
    @discardableResult
    mutating func update(
        _ key: String, _ operation: StateOperation, _ value: String? = nil, base: UInt64? = nil,
        correlation: String? = nil, on connection: ConnectionID
    ) -> [Heard] {
        let update = SyncStateUpdate(
            key: key, operation: operation, value: value.map { .json($0) }, baseVersion: base)
        return say(.stateUpdate(update), on: connection, envelope: SyncEnvelope(correlationID: correlation))
    }

    /// The state that a connection gets.
    mutating func snapshot(on connection: ConnectionID, known: UInt64? = nil) -> SyncSnapshotAnswer? {
        let heard = say(.snapshotRequest(session: nil, knownVersion: known), on: connection)
        guard case .snapshotResponse(let answer)? = heard.messages(to: connection).last else { return nil }
        return answer
    }

    /// The state that a connection gets, as JSON.
    mutating func state(on connection: ConnectionID) -> JSONValue? {
        guard case .found(_, let state, _)? = snapshot(on: connection) else { return nil }
        return state.value
    }
}

extension String {
    /// The seed's session.
    static let named = "550e8400-e29b-41d4-a716-446655440000"
    static let claimed = "550e8400-e29b-41d4-a716-446655440001"
    static let newest = "550e8400-e29b-41d4-a716-446655440002"

    /// One session of many.
    static func numbered(_ number: Int) -> String {
        let digits = String(number + 100_000)
        return "650e8400-e29b-41d4-a716-446655\(digits)"
    }
}

extension JSONFragment {
    /// Reads a literal.
    static func json(_ text: String) -> JSONFragment {
        guard let fragment = try? JSONFragment.parse(text) else { preconditionFailure("\(text) is no JSON") }
        return fragment
    }
}
