import CommandKit
import SessionBase
import SessionCodec

/// One list of the admin API: where it is, and which fields its items have.
struct AdminList: Sendable {
    /// The verb's name.
    let name: String
    let summary: String
    let request: APIRequest
    let fields: [ListField]
    let example: CommandExample

    /// Items asked for at once; the API gives no more.
    private static let pageLimit = 1000

    /// All items, page after page.
    func fetch(_ api: APIClient) throws(CommandError) -> (items: [JSONValue], total: Int) {
        var items: [JSONValue] = []
        var request = request
        request.query.append(APIRequest.Parameter("limit", "\(Self.pageLimit)"))
        let first = request.query
        while true {
            let answer = try api.call(request).value
            guard let page = answer["items"]?.elements else {
                throw CommandError(.protocol, "\(api.name) answers without \"items\"; is it another version?")
            }
            items += page
            guard let cursor = answer["next_cursor"]?.string, !page.isEmpty else {
                return (items, answer["total"]?.integer.map { Int($0) } ?? items.count)
            }
            request.query = first + [APIRequest.Parameter("cursor", cursor)]
        }
    }
}

extension AdminList {
    /// Open connections of all services.
    static let connections = AdminList(
        name: "connections", summary: "List open connections", request: APIRequest("GET", "admin", "connections"),
        fields: [
            ListField("id", .count), ListField("profile"), ListField("user", key: "user_id"),
            ListField("device", key: "device_id"), ListField("session", key: "session_id"), ListField("state"),
            ListField("address"), ListField("age", .distance, key: "connected_at"),
            ListField("idle", .milliseconds, key: "idle_ms"),
        ] + traffic + queue + [
            ListField("device-type", key: "device_type", isShown: false), ListField("loop", .count, isShown: false),
        ],
        example: CommandExample(
            "sessionctl admin connections --where 'idle>60s and user~\"^dr\"'", "Who is silent?"))

    /// Connections for which most waits to be sent.
    static let slow = AdminList(
        name: "slow", summary: "List the slowest consumers", request: APIRequest("GET", "admin", "slow"),
        fields: connections.fields.map { field in
            var field = field
            if ["queued-max", "waiting"].contains(field.name) { field.isShown = true }
            return field
        },
        example: CommandExample("sessionctl admin slow --sort -waiting", "Whom does the server wait for?"))

    /// Connections that ended last.
    static let closed = AdminList(
        name: "closed", summary: "List connections that were closed",
        request: {
            var request = APIRequest("GET", "admin", "connections")
            request.query = [APIRequest.Parameter("state", "closed")]
            return request
        }(),
        fields: [
            ListField("id", .count), ListField("profile"), ListField("code", .count), ListField("reason"),
            ListField("user", key: "user_id"), ListField("address"),
            ListField("ago", .distance, key: "closed_at"), ListField("duration", .milliseconds, key: "duration_ms"),
        ] + traffic,
        example: CommandExample("sessionctl admin closed --where 'code >= 4500'", "Which connections were lost?"))

    /// Sessions of the sync service.
    static let sessions = AdminList(
        name: "sessions", summary: "List sessions", request: APIRequest("GET", "admin", "sessions"),
        fields: [
            ListField("session", key: "session_id"), ListField("user", key: "user_id"),
            ListField("version", .count), ListField("devices", .count, key: "devices_online"),
            ListField("size", .bytes, key: "size_bytes"), ListField("updated", .distance, key: "updated_at"),
            ListField("created", .distance, key: "created_at"),
            ListField("expires", .distance, key: "expires_at", isShown: false),
        ],
        example: CommandExample("sessionctl admin sessions --where 'devices > 1' --sort -size", "Who shares?"))

    /// Revocations in force.
    static let revocations = AdminList(
        name: "revocations", summary: "List revocations in force", request: APIRequest("GET", "admin", "revocations"),
        fields: [
            ListField("id"), ListField("user"), ListField("jti"), ListField("session"),
            ListField("issued-before", key: "issued_before"), ListField("created", .distance, key: "created_at"),
            ListField("expires", .distance, key: "expires_at"),
        ],
        example: CommandExample("sessionctl admin revocations", "What is revoked?"))

    /// All of them.
    static let all = [connections, sessions, channels, closed, slow, revocations]

    private static let traffic = [
        ListField("in", .count, key: "messages_in"), ListField("out", .count, key: "messages_out"),
        ListField("bytes-in", .bytes, key: "bytes_in"), ListField("bytes-out", .bytes, key: "bytes_out"),
    ]
    private static let queue = [
        ListField("queued", .bytes, key: "queued_bytes"),
        ListField("queued-max", .bytes, key: "queued_bytes_max", isShown: false),
        ListField("waiting", .milliseconds, key: "queued_ms", isShown: false),
    ]
}
