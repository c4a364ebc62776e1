import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import TestSupport
import Testing

/// A configuration of channels and lockers that is read again (PROTOCOLS C12).
@Suite struct TopicsReloadTests {
    /// Both services, asking for credentials as they do by themselves.
    private static func configuration(threads: Int) throws -> ServerConfiguration {
        var configuration = RunningServer.configuration([.channels, .lockers], threads: threads)
        configuration.access.keys = try KeySet(secret: SyncCast.secret)
        configuration.description = [
            ("channels-auth", "optional"), ("channels-rule", ""), ("lockers-namespace", ""), ("ws-owner", ""),
            ("channels-port", "3000"), ("lockers-port", "3000"),
        ]
        return configuration
    }

    @Test(arguments: [1, 3])
    func `who may what is judged anew, what is open stays, and paths stay as they were`(threads: Int) throws {
        let endpoint = try HookEndpoint()
        let old = try Self.configuration(threads: threads)
        var new = old
        new.access.channelsMode = .required
        new.access.lockersModes = ["/ws/help": .optional]
        new.lockers.namespaces.append("/ws/more")
        new.channelsHook = HookConfiguration(endpoint: endpoint.endpoint)
        var rule = ChannelRule(pattern: "closed:*")
        rule.subscribers = ["nobody"]
        new.channels.rules = [rule]
        new.description = new.description.map { ($0.key, "new") }
        let server = try RunningServer([.channels, .lockers], threads: threads) {
            $0 = merged(old, $0)
        } reader: {
            [new] in
            .success(new)
        }
        let anonymous = try server.subscriber("test:a")
        let dismissed = try server.subscriber("closed:a", token: try SyncCast.token("u"))
        #expect(try server.refusal("/ws/help").status == .unauthorized)
        let answer = try server.ask("/admin/reload", "POST").document
        #expect(answer["applied"] == ["channels-auth", "channels-rule"])
        #expect(answer["needs_restart"] == ["lockers-namespace", "ws-owner", "channels-port", "lockers-port"])
        eventually("every loop has it") {
            (0..<8).allSatisfy { _ in (try? server.connect().tryOpen("/ws"))??.status == .unauthorized }
        }
        #expect(try anonymous.typesUntilPong() == [])
        let refusal = try dismissed.hear()
        #expect(refusal["code"] == "FORBIDDEN" && refusal["channel"] == "closed:a")
        #expect(try server.open("/ws/help").hear()["type"] == "connection")
        #expect(try server.refusal("/ws/more").status == .notFound)
        let client = try server.open("/ws", fields: ["Authorization": "Bearer \(try SyncCast.token("u"))"])
        #expect(try client.hear()["type"] == "welcome")
        try client.say(#"{"type":"subscribe","channel":"closed:a"}"#)
        #expect(try client.hear()["code"] == "FORBIDDEN")
        try client.say(#"{"type":"subscribe","channel":"test:b"}"#)
        #expect(try client.hear()["type"] == "subscribed")
        eventually("the new hook is called") { endpoint.calls.contains { $0.body.contains("test:b") } }
    }

    /// The one configuration, with the listeners, socket and times of the other.
    private func merged(_ one: ServerConfiguration, _ other: ServerConfiguration) -> ServerConfiguration {
        var merged = one
        merged.adminSocketPath = other.adminSocketPath
        return merged
    }
}
