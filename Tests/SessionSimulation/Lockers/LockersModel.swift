import SessionBase
import SessionCodec
import SessionCore

/// Who somebody is.
struct LockersPersona {
    var user: String?
    var roles: [String] = []
    var kiosk: String?
    /// Whether its sessions are short.
    var isBrief = false

    /// Everybody who takes part.
    static let all = [
        LockersPersona(), LockersPersona(), LockersPersona(user: "u1"), LockersPersona(user: "u2", isBrief: true),
        LockersPersona(user: "k1", kiosk: "kiosk-1"), LockersPersona(user: "k2", kiosk: "kiosk-2", isBrief: true),
        LockersPersona(user: "s1", roles: ["staff"]), LockersPersona(user: "boss", roles: ["admin"]),
    ]
}

/// A session as a client shows it; whoever judges it reads from it what was decided when it began.
struct LockersSession {
    var persona: Int
    /// When it ends; `nil` where it does not.
    var expiresAt: Timestamp?
    /// When it is ended by an administrator; `nil` where it is not.
    var revokedAt: Instant?

    /// What the client shows.
    var credential: [UInt8] {
        Array("\(persona)|\(expiresAt?.milliseconds ?? 0)|\(revokedAt?.nanoseconds ?? 0)".utf8)
    }

    /// What the server knows of the client; `nil` for an anonymous one.
    var identity: Identity? {
        let persona = LockersPersona.all[persona]
        guard let user = persona.user else { return nil }
        var identity = Identity(user: user)
        identity.roles = persona.roles
        identity.kiosk = persona.kiosk
        identity.expiresAt = expiresAt
        return identity
    }

    /// Judges what a client shows, some time later.
    static func judge(_ credential: [UInt8], at now: Instant) -> AccessVerdict {
        let parts = String(decoding: credential, as: UTF8.self).split(separator: "|").compactMap { Int64($0) }
        var session = LockersSession(persona: Int(parts[0]))
        if parts[1] != 0 { session.expiresAt = Timestamp(milliseconds: parts[1]) }
        if parts[2] != 0, parts[2] <= now.nanoseconds { return .refused(.revoked, "ended") }
        return session.identity.map { .granted($0) } ?? .refused(.invalid, "nobody's")
    }
}

/// The rules about namespaces and rooms, written once more, from PROTOCOLS §6 alone.
struct LockersModel {
    var isOpen: Bool

    /// How many messages are kept, and for how long.
    static let kept = 8
    static let life = Duration.seconds(10)
    /// How often sessions are asked for again.
    static let recheck = Duration.seconds(6)

    static let namespaces = ["/ws/lockers", "/ws/help", "/ws/events"]
    static let rooms = ["kiosk-1", "kiosk-2", "vip-1"]
    static let commands = ["c1", "c2"]

    /// Why somebody may not join a room; `nil` where it may.
    func refusal(_ persona: LockersPersona, _ room: String) -> String? {
        if isOpen || persona.roles.contains("admin") { return nil }
        if persona.user == nil { return "AUTH_REQUIRED" }
        if room.hasPrefix("vip-") { return persona.roles.contains("staff") ? nil : "FORBIDDEN" }
        if let kiosk = persona.kiosk, kiosk != room { return "FORBIDDEN" }
        return nil
    }

    /// The name under which ears and messages know a namespace or a room of it.
    static func topic(_ namespace: String, _ room: String?) -> String { room.map { namespace + "#" + $0 } ?? namespace }
}
