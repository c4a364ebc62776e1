import SessionCodec

/// Two states become one (PROTOCOLS 1-16, 1-17; seed 001, *Conflict Resolution*).
///
/// - `server_wins`: the server's state.
/// - `client_wins`: the client's state, which replaces the server's.
/// - `merge`: the keys of both; where both have one, the client's value. A nested object is one value, unless the merge is
///   deep: then objects are merged member by member, and arrays and all else are the client's.
struct ConflictResolution: Equatable, Sendable {
    /// The state that comes of it.
    private(set) var members: [StateMember]
    /// The keys for which the two have different values, in the order of the server's.
    private(set) var conflicts: [SyncConflict] = []

    /// Resolves.
    init(server: [StateMember], client: [StateMember], strategy: SyncStrategy, isDeep: Bool) {
        members = strategy == .clientWins ? client : server
        var isShared = [Bool](repeating: false, count: client.count)
        var places: [ExactText: Int] = [:]
        for (place, member) in client.enumerated() { places[ExactText(member.key)] = place }
        for (place, member) in server.enumerated() {
            guard let other = places[ExactText(member.key)] else { continue }
            let value = client[other].value
            isShared[other] = true
            guard !StateMember.isSame(member.value, value) else { continue }
            let (resolved, winner) = Self.resolve(server: member.value, client: value, strategy, isDeep: isDeep)
            if strategy == .merge { members[place].value = resolved }
            conflicts.append(
                SyncConflict(
                    key: member.key, serverValue: JSONFragment(member.value), clientValue: JSONFragment(value),
                    winner: winner))
        }
        if strategy == .merge { members += zip(client, isShared).lazy.filter { !$0.1 }.map(\.0) }
    }

    private static func resolve(
        server: String, client: String, _ strategy: SyncStrategy, isDeep: Bool
    ) -> (value: String, winner: SyncConflict.Winner) {
        switch strategy {
        case .serverWins: return (server, .server)
        case .clientWins: return (client, .client)
        case .merge:
            guard isDeep, let merged = deepMerge(server, client) else { return (client, .client) }
            return (merged, .merged)
        }
    }

    /// Merges two texts where both are objects.
    private static func deepMerge(_ server: String, _ client: String) -> String? {
        guard let server = StateMember.object(server), let client = StateMember.object(client) else { return nil }
        return JSONValue.object(merge(server, client)).text()
    }

    private static func merge(_ server: JSONObject, _ client: JSONObject) -> JSONObject {
        var merged = server
        for member in client.members {
            if case .object(let inner)? = server[member.key], case .object(let outer) = member.value {
                merged[member.key] = .object(merge(inner, outer))
            } else {
                merged[member.key] = member.value
            }
        }
        return merged
    }
}

extension StateMember {
    /// The members of an object.
    static func members(of object: JSONFragment) -> [StateMember] {
        (object.members ?? []).map { StateMember(key: $0.key, value: $0.value.text) }
    }

    /// The members of a JSON text that is an object; `nil` where it is another one.
    static func object(_ text: String) -> JSONObject? {
        guard text.utf8.first == UInt8(ascii: "{") else { return nil }
        // What was stored was read as JSON before; a text that cannot be read again is no object.
        guard case .object(let object)? = try? JSONValue.parse(text) else { return nil }
        return object
    }
}

extension JSONFragment {
    /// The value that a state keeps as text.
    init(_ stored: String) { self.init(trusted: Array(stored.utf8)) }
}

extension SessionState {
    /// The keys and values, without their versions.
    var members: [StateMember] { entries.map { StateMember(key: $0.key, value: $0.value) } }

    /// The state as a value of a message.
    var fragment: JSONFragment { JSONFragment(trusted: json) }
}
