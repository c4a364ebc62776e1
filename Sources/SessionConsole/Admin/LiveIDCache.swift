import SessionBase
import SessionClient
import SessionCodec
import SessionIO

/// Ids of the server that Tab offers: asked for when they are wanted, and believed for two seconds.
final class LiveIDCache {
    private let api: APIClient
    private var known: [LiveIDs: (ids: [String], at: Instant)] = [:]

    private static let lifetime = Duration.seconds(2)
    /// More than anybody chooses from.
    private static let countMax = 200

    /// Asks with a client whose time-out is short: Tab must not keep anybody waiting.
    init(_ api: APIClient) { self.api = api }

    /// The ids, or none where the server does not say in time.
    func ids(_ kind: LiveIDs) -> [String] {
        let now = SystemClock.now()
        if let (ids, at) = known[kind], now - at < Self.lifetime { return ids }
        let ids = ask(kind)
        known[kind] = (ids, SystemClock.now())
        return ids
    }

    private func ask(_ kind: LiveIDs) -> [String] {
        let (list, key) =
            switch kind {
            case .connections: (AdminList.connections, "id")
            case .users: (AdminList.connections, "user_id")
            case .sessions: (AdminList.sessions, "session_id")
            case .channels: (AdminList.channels, "channel")
            }
        var request = list.request
        request.query.append(APIRequest.Parameter("limit", "\(Self.countMax)"))
        // Without an answer there is nothing to offer, and a complaint would stand in the middle of the line.
        guard let items = try? api.call(request).value["items"]?.elements else { return [] }
        var ids: [String] = []
        for id in items.compactMap({ $0[key]?.string }) where !ids.contains(id) { ids.append(id) }
        return ids
    }
}
