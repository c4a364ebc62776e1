import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

extension RunningServer {
    /// A server of channels and lockers that asks for credentials as it does by itself.
    static func topics(
        threads: Int = 1, _ change: (inout ServerConfiguration) throws -> Void = { _ in }
    ) throws -> RunningServer {
        let keys = try KeySet(secret: SyncCast.secret)
        var failure: (any Error)?
        let server = try RunningServer([.channels, .lockers], threads: threads) { configuration in
            configuration.access.keys = keys
            do { try change(&configuration) } catch { failure = error }
        }
        if let failure { throw failure }
        return server
    }

    /// A server of channels and lockers that lets everybody in, as `--dev` does.
    static func openTopics(
        threads: Int = 1, _ change: (inout ServerConfiguration) throws -> Void = { _ in }
    ) throws -> RunningServer {
        try topics(threads: threads) { configuration in
            configuration.access.channelsMode = .open
            configuration.access.lockersMode = .open
            configuration.isDevelopment = true
            try change(&configuration)
        }
    }

    /// Opens a socket of channels and passes its welcome over.
    func subscriber(_ channel: String? = nil, token: String? = nil) throws -> TestClient {
        let client = try open("/ws", fields: token.map { ["Authorization": "Bearer \($0)"] } ?? [:])
        #expect(try client.hear()["type"] == "welcome")
        guard let channel else { return client }
        try client.say(#"{"type":"subscribe","channel":"\#(channel)"}"#)
        #expect(try client.hear()["type"] == "subscribed")
        return client
    }

    /// Makes a locker session.
    func session(_ body: String = #"{"userId":"u"}"#) throws -> String {
        let made = try ask("/admin/locker-sessions", "POST", body: body)
        #expect(made.status == .created)
        return try #require(try made.document["sessionId"]?.string)
    }

    /// Opens a namespace with a session and passes its first frame over.
    func kiosk(_ path: String = "/ws/lockers", session: String) throws -> TestClient {
        let client = try open(path, fields: ["Cookie": "sessionId=\(session)"])
        #expect(try client.hear()["type"] == "connection")
        return client
    }

    /// The answer that refuses a handshake; the test fails where none does.
    func refusal(_ target: String, _ fields: HTTPFields = [:]) throws -> HTTPResponse {
        try #require(try connect().tryOpen(target, fields: fields))
    }

    /// How a browser is refused: the error frame and the code of the Close frame.
    func browserRefusal(_ target: String, _ fields: HTTPFields = [:]) throws -> (frame: JSONValue, code: CloseCode) {
        var fields = fields
        fields.append("Origin", "http://localhost")
        let client = try open(target, fields: fields)
        return (try client.hear(), try client.hearClose())
    }
}
