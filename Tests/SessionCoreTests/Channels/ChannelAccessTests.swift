import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Who may hear what (PROTOCOLS 2-6 … 2-13, §1.10 *Anonymous peers*).
@Suite struct ChannelAccessTests {
    private enum Answer: Equatable { case subscribed, refused(String, String) }

    private func answer(
        _ channel: String, as user: String? = nil, roles: [String] = [],
        _ configure: (inout ChannelsConfiguration) -> Void = { _ in }
    ) -> Answer {
        var service = ChannelsFixture(loops: 1, configure)
        let peer = service.join(as: user, roles: roles)
        let heard = service.subscribe(peer, channel)
        guard heard.count == 1, let reply = try? JSONValue.parse(heard[0]), let type = reply["type"]?.string else {
            preconditionFailure("\(heard)")
        }
        #expect(reply["channel"]?.string == channel, "the reply repeats the channel as it was written")
        if type == "subscribed" { return .subscribed }
        #expect(service.machines[0].channels(of: peer.id).isEmpty)
        return .refused(reply["code"]?.string ?? "", reply["message"]?.string ?? "")
    }

    @Test(arguments: ["system:notifications", "public:x", "test:channel", "reports:progress", "reports:progress:r1"])
    func `the seed's open domains are open to anonymous peers`(channel: String) {
        #expect(answer(channel) == .subscribed)
    }

    @Test(arguments: ["patients:vitals:room-101", "alerts:critical", "orders", "adminx:y", "users:all"])
    func `every other domain needs an identity`(channel: String) {
        #expect(answer(channel) == .refused("UNAUTHORIZED", "Authentication required"))
        #expect(answer(channel, as: "u1") == .subscribed)
        #expect(answer(channel) { $0.isOpen = true } == .subscribed)
    }

    @Test func `a user's channels need an identity, in the seed's words`() {
        let refusal = Answer.refused("UNAUTHORIZED", "Authentication required for user channels")
        #expect(answer("user:u1:alerts") == refusal)
        #expect(answer("user:alerts") == refusal)
        #expect(answer("user:u1:alerts") { $0.isOpen = true } == refusal)
    }

    @Test func `a user's channels are the user's and administrators'`() {
        let refusal = Answer.refused("FORBIDDEN", "Cannot subscribe to another user's channel")
        #expect(answer("user:u1:alerts", as: "u1") == .subscribed)
        #expect(answer("user:u1", as: "u1") == .subscribed)
        #expect(answer("user:u1:alerts", as: "u2") == refusal)
        #expect(answer("user:u10:alerts", as: "u1") == refusal)
        #expect(answer("user:u1:alerts", as: "u2", roles: ["admin"]) == .subscribed)
        #expect(answer("user:u1:alerts", as: "u2") { $0.isOpen = true } == refusal)
    }

    @Test func `administrators' channels need the role, in the seed's words`() {
        let text = "Insufficient permissions for admin channels"
        #expect(answer("admin:metrics") == .refused("UNAUTHORIZED", text))
        #expect(answer("admin:metrics", as: "u1") == .refused("FORBIDDEN", text))
        #expect(answer("admin:metrics", as: "u1", roles: ["admin"]) == .subscribed)
        #expect(answer("admin:metrics") { $0.isOpen = true } == .refused("UNAUTHORIZED", text))
    }

    @Test func `open mode's assumed administrator is none`() {
        var service = ChannelsFixture { $0.isOpen = true }
        let peer = service.open(identity: .assumed)
        _ = service.take(peer)
        #expect(service.subscribe(peer, "admin:metrics").first?.contains("UNAUTHORIZED") == true)
        #expect(service.subscribe(peer, "user:u1:alerts").first?.contains("UNAUTHORIZED") == true)
        #expect(service.subscribe(peer, "patients:vitals:room-101").first?.contains("subscribed") == true)
    }

    @Test func `user:alerts is the caller's own, and replies say what the caller said`() {
        var service = ChannelsFixture()
        let peer = service.join(as: "u1")
        #expect(
            service.subscribe(peer, "user:alerts") == [
                #"{"type":"subscribed","channel":"user:alerts","timestamp":"T"}"#
            ])
        #expect(service.machines[0].channels(of: peer.id) == ["user:u1:alerts"])
        service.broadcast("user:u1:alerts", #"{"type":"x"}"#)
        #expect(service.take(peer) == [#"{"type":"x","channel":"user:u1:alerts","timestamp":"T"}"#])
        #expect(service.subscribe(peer, "user:u1:alerts").first?.contains(#""already":true"#) == true)
        #expect(
            service.say(#"{"type":"unsubscribe","channel":"user:alerts"}"#, on: peer)
                == [#"{"type":"unsubscribed","channel":"user:alerts","timestamp":"T"}"#])
        #expect(service.machines[0].channels(of: peer.id).isEmpty)
    }

    // MARK: Rules

    private func rule(_ pattern: String, _ names: String...) -> ChannelRule {
        var rule = ChannelRule(pattern: pattern)
        rule.subscribers = names
        return rule
    }

    @Test func `the first rule that fits and says who subscribes counts`() {
        let rules = [
            ChannelRule(pattern: "patients:*"), rule("patients:vitals:*", "nurse"), rule("patients:*", "anyone"),
        ]
        let configure = { (configuration: inout ChannelsConfiguration) in configuration.rules = rules }
        #expect(answer("patients:vitals:room-101", configure) == .refused("UNAUTHORIZED", "Authentication required"))
        #expect(answer("patients:vitals:room-101", as: "u1", configure) == .refused("FORBIDDEN", "Not allowed"))
        #expect(answer("patients:vitals:room-101", as: "u1", roles: ["nurse"], configure) == .subscribed)
        #expect(answer("patients:vitals:room-101", as: "u1", roles: ["admin"], configure) == .subscribed)
        #expect(answer("patients:list", configure) == .subscribed)
    }

    @Test func `a rule closes an open domain`() {
        let rules = [rule("reports:*", "authenticated")]
        #expect(answer("reports:progress") { $0.rules = rules } == .refused("UNAUTHORIZED", "Authentication required"))
        #expect(answer("reports:progress", as: "u1") { $0.rules = rules } == .subscribed)
    }

    @Test func `a rule for everything opens neither administrators' channels nor other users'`() {
        let rules = [rule("*", "anyone")]
        #expect(answer("patients:list") { $0.rules = rules } == .subscribed)
        #expect(answer("admin:metrics") { $0.rules = rules } != .subscribed)
        #expect(answer("user:u1:alerts", as: "u2") { $0.rules = rules } != .subscribed)
    }

    @Test func `a rule that names administrators' channels says who hears them`() {
        let rules = [rule("admin:metrics", "operator")]
        #expect(answer("admin:metrics", as: "u1", roles: ["operator"]) { $0.rules = rules } == .subscribed)
        #expect(answer("admin:audit", as: "u1", roles: ["operator"]) { $0.rules = rules } != .subscribed)
    }

    /// What a client is told who publishes a message of a type.
    private func publish(
        _ channel: String, _ rules: [ChannelRule], type: String = "x", roles: [String] = ["robot"]
    ) -> String? {
        var service = ChannelsFixture { $0.rules = rules }
        let peer = service.join(as: "u1", roles: roles)
        let reply = service.say(
            #"{"type":"publish","channel":"\#(channel)","message":{"type":"\#(type)"}}"#, on: peer
        ).first.flatMap { try? JSONValue.parse($0) }
        return reply?["code"]?.string ?? reply?["type"]?.string
    }

    private func publishing(_ pattern: String, _ names: String...) -> ChannelRule {
        var rule = ChannelRule(pattern: pattern)
        rule.publishers = names
        return rule
    }

    @Test func `the first rule that fits says who publishes`() {
        let rules = [ChannelRule(pattern: "orders:secret:*"), publishing("orders:*", "robot")]
        #expect(publish("orders:a", rules) == "published")
        #expect(publish("orders:secret:a", rules) == "FORBIDDEN")
        #expect(publish("orders:a", rules, roles: ["cat"]) == "FORBIDDEN")
    }

    @Test func `a rule for everything lets nobody publish to administrators or users`() {
        let rules = [publishing("*", "robot"), publishing("user:u2:*", "robot")]
        #expect(publish("test:a", rules) == "published")
        #expect(publish("admin:metrics", rules) == "FORBIDDEN")
        #expect(publish("user:u1:alerts", rules) == "FORBIDDEN")
        #expect(publish("user:u2:alerts", rules) == "published")
    }

    @Test(arguments: ["welcome", "subscribed", "error", "report_status", "data_update", "pong", "health"])
    func `a client does not publish what the server says itself`(type: String) {
        #expect(publish("test:a", [publishing("*", "robot")], type: type) == "INVALID_MESSAGE")
    }

    @Test func `a user hears the channels of its own id, not of those that begin with it`() {
        #expect(answer("user:acme:bob:alerts", as: "acme:bob") != .subscribed)
        #expect(answer("user:acme:alerts", as: "acme") == .subscribed)
        #expect(answer("user:acme", as: "acme:bob") != .subscribed)
    }

    @Test(arguments: ["auth0|123", "acme:bob", "\u{E9}", "b64.YQ", ""])
    func `an id with other characters than names have has channels too`(user: String) {
        var service = ChannelsFixture()
        let peer = service.join(as: user)
        #expect(service.subscribe(peer, "user:alerts").first?.contains("subscribed") == true)
        let channel = service.machines[0].channels(of: peer.id)[0]
        #expect(channel.hasPrefix("user:b64."))
        #expect(ChannelName.allows(channel))
        service.broadcast(channel, #"{"type":"x"}"#)
        #expect(service.take(peer).count == 1)
        #expect(answer(channel, as: "u1") != .subscribed)
    }

    @Test(
        arguments: [
            ("a:b", "a:b", true), ("a:b", "a:bc", false), ("a:*", "a:b", true), ("a:*", "a:", true),
            ("a:*", "a", false),
            ("*", "anything:at:all", true), ("a:*:c", "a:b:c", true), ("a:*:c", "a:b:b:c", true),
            ("a:*:c", "a:b:d", false), ("*:x*z", "q:xyz", true), ("*:x*z", "q:xy", false), ("", "a", false),
        ])
    func `a star stands for any rest`(pattern: String, channel: String, fits: Bool) {
        #expect(ChannelRule(pattern: pattern).fits(channel) == fits)
    }
}
