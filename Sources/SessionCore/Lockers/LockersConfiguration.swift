package import SessionBase

/// How lockers behave (PROTOCOLS §6).
package struct LockersConfiguration: Sendable {
    /// The namespaces by their paths, such as `/ws/lockers`.
    package var namespaces = ["/ws/lockers", "/ws/help", "/ws/events"]
    /// Whether nobody needs a session: `--dev` (PROTOCOLS §1.5).
    package var isOpen = false
    /// Whether typed events go to the room of their kiosk alone (PROTOCOLS 4-10).
    package var sendsEventsToRooms = false
    /// Who may join which rooms; the first rule whose pattern fits counts (PROTOCOLS 4-9).
    package var roomRules: [RoomRule] = []
    /// How many rooms a connection may be in (PROTOCOLS 4-7).
    package var roomsMax = 50
    /// How many events of a room or namespace are kept for kiosks that come back; 0 keeps none.
    package var historyMax = 200
    /// How long they are kept.
    package var historyLife: Duration = .seconds(600)
    /// How often a live session is asked for again (PROTOCOLS 4-4).
    package var recheckInterval: Duration = .seconds(60)
    /// The bucket that every connection's messages are taken from (C6); `nil` without limits.
    package var messageRate: TokenRate? = TokenRate(tokens: 200, each: .seconds(1), burst: 400)
    /// Whether the server is about to close its connections: what the status says (PROTOCOLS 4-20).
    package var isDraining = false
    /// Which loop the machine serves.
    package var shard = 0
    /// How many loops there are.
    package var shardCount = 1
    /// Decides which loop owns a namespace or room.
    package var hash = SipHash(key0: 0, key1: 0)

    /// The defaults of PROTOCOLS §6.
    package init() {}

    /// What namespaces and rooms keep for kiosks that come back; `nil` where they keep nothing.
    var history: HistoryPolicy? { HistoryPolicy(countMax: historyMax, life: historyLife) }

    /// The loop that keeps what a name stands for, such as a command's acknowledgements.
    func shard(ofName name: String) -> Int {
        shardCount == 1 ? 0 : Int(hash.hash(name.utf8.span) % UInt64(shardCount))
    }
}

/// Who may join the rooms of a pattern (PROTOCOLS 4-9).
package struct RoomRule: Equatable, Sendable {
    /// The rooms it is about: a name, in which `*` stands for any rest.
    package var pattern: String
    /// The roles that may join: `anyone`, `authenticated`, `kiosk` for the kiosk of that name, or names of roles.
    package var members: [String]

    /// Describes a rule.
    package init(pattern: String, members: [String]) {
        self.pattern = pattern
        self.members = members
    }
}
