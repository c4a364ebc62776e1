import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// The people, tokens and sessions of sync's tests.
enum SyncCast {
    /// The secret of the servers in these tests.
    static let secret = Array("a secret of tests that is long enough".utf8)

    /// A session's id: the n-th of them.
    static func session(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "550e8400-e29b-41d4-a716-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// A token of somebody.
    static func token(
        _ user: String, device: String? = nil, session: String? = nil, roles: [String] = [], id: String? = nil,
        validFor life: Duration = .seconds(600)
    ) throws -> String {
        var clock = SystemClock()
        let now = clock.moment().timestamp
        var claims = TokenClaims(user: user)
        claims.device = device
        claims.session = session
        claims.roles = roles
        claims.tokenID = id
        claims.issuedAt = Timestamp(milliseconds: min(now.milliseconds, now.milliseconds + life.milliseconds))
        claims.expiresAt = Timestamp(milliseconds: now.milliseconds + life.milliseconds)
        return try TokenIssuer(secret: secret).issue(claims)
    }
}

extension RunningServer {
    /// A server of sync that lets everybody in, as `--dev` does.
    static func openSync(
        threads: Int = 1, _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try RunningServer([.sync], threads: threads) { configuration in
            configuration.access.syncMode = .open
            configuration.isDevelopment = true
            change(&configuration)
        }
    }

    /// A server of sync that wants tokens.
    static func closedSync(
        threads: Int = 1, _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        let keys = try KeySet(secret: SyncCast.secret)
        return try RunningServer([.sync], threads: threads) { configuration in
            configuration.access.keys = keys
            change(&configuration)
        }
    }

    /// Opens a socket of a device, which must succeed.
    func device(_ device: String, user: String, session: Int, token: String? = nil) throws -> TestClient {
        let client = try open("/ws")
        try client.authenticate(device, user: user, session: session, token: token)
        let answer = try client.hear()
        #expect(answer["type"]?.integer == 8, "\(answer.text())")
        return client
    }

    /// Sends a request with a JSON body, as somebody.
    func call(_ method: String, _ target: String, _ body: String = "", token: String? = nil) throws -> HTTPResponse {
        var fields: HTTPFields = ["Content-Type": "application/json"]
        if let token { fields.append("Authorization", "Bearer \(token)") }
        return try connect().request(target, method, fields: fields, body: body)
    }

    /// Stores a state over HTTP.
    func put(_ state: String, session: Int, user: String, token: String? = nil) throws -> HTTPResponse {
        let body = #"{"session_id":"\#(SyncCast.session(session))","user_id":"\#(user)","state_data":\#(state)}"#
        return try call("POST", "/session/snapshot", body, token: token)
    }
}

extension TestClient {
    /// The text of an AUTH.
    static func authentication(_ device: String, user: String, session: Int, token: String? = nil) -> String {
        let token = token.map { #""token":"\#($0)","# } ?? ""
        return #"{"type":7,"session_id":"\#(SyncCast.session(session))","user_id":"\#(user)","#
            + #""payload":{\#(token)"device_id":"\#(device)","device_type":"mobile"}}"#
    }

    /// Says who is there.
    func authenticate(_ device: String, user: String, session: Int, token: String? = nil) throws {
        try say(Self.authentication(device, user: user, session: session, token: token))
    }

    /// The text of a STATE_UPDATE that is acknowledged.
    static func setting(_ key: String, to value: String, tag: String) -> String {
        #"{"type":5,"correlation_id":"\#(tag)","payload":{"key":"\#(key)","value":\#(value),"operation":"SET"}}"#
    }

    /// The next message of a type; others are passed over.
    func hear(_ kind: SyncKind) throws -> JSONValue {
        while true {
            let message = try hear()
            if message["type"]?.integer == Int64(kind.rawValue) { return message }
        }
    }
}
