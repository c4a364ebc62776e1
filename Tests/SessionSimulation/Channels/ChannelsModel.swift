import SessionCodec
import SessionCore

/// Who somebody is.
struct ChannelsPersona {
    var user: String?
    var roles: [String] = []

    /// Everybody who takes part.
    static let all = [
        ChannelsPersona(), ChannelsPersona(), ChannelsPersona(user: "u1"), ChannelsPersona(user: "u1"),
        ChannelsPersona(user: "u2", roles: ["nurse"]), ChannelsPersona(user: "u2"),
        ChannelsPersona(user: "p1", roles: ["publisher"]), ChannelsPersona(user: "boss", roles: ["admin"]),
    ]

    /// What the server knows of it.
    func identity(inOpenMode isOpen: Bool) -> Identity? {
        guard let user else { return isOpen ? .assumed : nil }
        var identity = Identity(user: user)
        identity.roles = roles
        return identity
    }
}

/// The rules about channels, written once more, from PROTOCOLS §4 alone.
struct ChannelsModel {
    var isOpen: Bool

    /// How many messages `test:` channels keep, and for how long.
    static let kept = 8
    static let life = Duration.seconds(10)

    /// The channels that are subscribed to and published to.
    static let channels = [
        "test:a", "test:a", "test:b", "public:x", "patients:vitals", "user:u1:alerts", "user:u2:x", "admin:ops",
        "ward:1",
    ]
    static let reports = ["r1", "r2"]
    static let templates = ["t1", "t2"]

    static var rules: [ChannelRule] {
        var test = ChannelRule(pattern: "test:*")
        test.publishers = ["publisher"]
        test.history = kept
        test.historyLife = life
        var ward = ChannelRule(pattern: "ward:*")
        ward.subscribers = ["nurse"]
        return [test, ward]
    }

    /// How many messages a channel keeps.
    static func kept(_ channel: String) -> Int { channel.hasPrefix("test:") ? kept : 0 }

    /// The channel that a name stands for.
    static func resolved(_ channel: String, _ persona: ChannelsPersona) -> String {
        channel == "user:alerts" ? persona.user.map { "user:\($0):alerts" } ?? channel : channel
    }

    /// Why somebody may not hear a channel; `nil` where it may.
    func refusal(_ persona: ChannelsPersona, _ channel: String) -> String? {
        let parts = Self.resolved(channel, persona).split(separator: ":").map(String.init)
        let isAdmin = persona.roles.contains("admin")
        if isAdmin { return nil }
        switch parts[0] {
        case "admin": return persona.user == nil ? "UNAUTHORIZED" : "FORBIDDEN"
        case "user":
            guard let user = persona.user else { return "UNAUTHORIZED" }
            return parts.count > 1 && parts[1] == user ? nil : "FORBIDDEN"
        default: break
        }
        if isOpen { return nil }
        switch parts[0] {
        case "system", "public", "test", "reports": return nil
        case "ward":
            if persona.roles.contains("nurse") { return nil }
            return persona.user == nil ? "UNAUTHORIZED" : "FORBIDDEN"
        default: return persona.user == nil ? "UNAUTHORIZED" : nil
        }
    }

    /// The channels that the notifications hear without asking.
    static func notifications(_ persona: ChannelsPersona) -> [String] {
        ["reports:system", "reports:maintenance", "reports:alerts"]
            + (persona.user.map { ["user:\($0):reports"] } ?? [])
    }
}
