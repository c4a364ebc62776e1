import SessionCodec

/// Conflict resolution in ten lines, to hold the service against (seed 001, *Conflict Resolution*; PROTOCOLS 1-16).
enum ConflictReference {
    /// The state that comes of two.
    static func resolve(
        server: JSONObject, client: JSONObject, _ strategy: SyncStrategy, isDeep: Bool
    ) -> JSONObject {
        if strategy == .serverWins { return server }
        if strategy == .clientWins { return client }
        var merged = server
        for member in client.members {
            if isDeep, case .object(let left)? = merged[member.key], case .object(let right) = member.value {
                merged[member.key] = .object(resolve(server: left, client: right, strategy, isDeep: true))
            } else {
                merged[member.key] = member.value
            }
        }
        return merged
    }

    /// The keys about which the two disagree.
    static func conflicts(server: JSONObject, client: JSONObject) -> Set<String> {
        Set(server.members.filter { client[$0.key] != nil && client[$0.key] != $0.value }.map(\.key))
    }
}
