package import CommandKit

/// Who knows lockers' sessions (PROTOCOLS 4-3).
package enum LockersSessionProvider: String, CaseIterable, Sendable { case memory, redis, `static`, http }

/// Whom lockers' typed events reach (PROTOCOLS 4-10).
package enum LockersEventsScope: String, CaseIterable, Sendable { case namespace, room }

/// The options of lockers (PROTOCOLS §6, §1.10).
extension ServeOptions {
    package static let lockersPort = Option.integer(
        "lockers-port", "Port of lockers' native listener", 0...65_535, default: 3000, placeholder: "PORT"
    )
    .detail("0 picks a free one. Where channels have the same port, both share the listener.").rule("§1.2")
    package static let lockersAuth = Option.list("lockers-auth", "Who may use lockers", "[NAMESPACE=]MODE")
        .detail(
            """
            'required' takes nobody without a session; 'optional' takes those without one as anonymous, 'open' takes \
            everybody. '/ws/help=optional' is the mode of one namespace, the rest keeps that of the line without a \
            namespace. --dev makes all 'open'.
            """
        )
        .unset("required").rule("4-22")
    package static let lockersNamespace = Option.list("lockers-namespace", "One more namespace", "/ws/NAME")
        .detail("Beside /ws/lockers, /ws/help and /ws/events, which are always there.").rule("§6.3")
    package static let lockersSessionProvider = Option.choice(
        "lockers-session-provider", "Who knows the sessions", default: LockersSessionProvider.memory
    )
    .detail(
        """
        'memory' are those made with POST /admin/locker-sessions, kept in --store; 'redis' looks for session:ID in \
        --lockers-session-redis, 'static' in --lockers-session-file, and 'http' asks --lockers-session-url. A JSON Web Token \
        will do in place of a session id.
        """
    )
    .rule("4-3")
    package static let lockersSessionRedis = Option.text(
        "lockers-session-redis", "Redis server that has the sessions", "URL"
    )
    .detail("As for --store: 'redis://[USER[:PASSWORD]@]HOST[:PORT][/DB]' or 'rediss://'.")
    .unset("that of --store").rule("4-3")
    package static let lockersSessionFile = Option.text(
        "lockers-session-file", "File that has the sessions", "FILE", .file
    )
    .detail(
        """
        A JSON array of objects with sessionId, or sha256 of it, and userId; roles, namespaces, kioskId and expiresAt may \
        be there too. Read again at SIGHUP.
        """
    )
    .unset("none").rule("4-3")
    package static let lockersSessionURL = Option.text(
        "lockers-session-url", "Service that knows the sessions", "URL"
    )
    .detail(
        """
        It gets a POST with {"sessionId":"..."} and answers with 200 and {"userId":"...","roles":[...]}, or with 401. What \
        it says holds for 30s.
        """
    )
    .unset("none").rule("4-3")
    package static let lockersAllowQuerySession = Option.toggle(
        "lockers-allow-query-session", "Take a session as ?sessionId=", default: true
    )
    .detail("'off' takes one there for a bad one. Proxies and browsers remember addresses.").rule("4-5")
    package static let lockersEventsScope = Option.choice(
        "lockers-events-scope", "Whom typed events reach", default: LockersEventsScope.namespace
    )
    .detail("'room' sends them to the room of their kiosk alone. Never both.").rule("4-10")
    package static let lockersRoomRule = Option.list("lockers-room-rule", "Who may join which rooms", "RULE")
        .detail(
            """
            'PATTERN join=ROLE[,ROLE]', for example 'kiosk-* join=kiosk,staff'. '*' stands for any text. The first rule \
            whose pattern fits counts; without one, a kiosk may join the room of its own name and everybody else any. \
            'anyone', 'authenticated' and 'kiosk', for the kiosk of that name, are roles too. In the environment, where \
            commas separate the rules, each list has one role.
            """
        )
        .rule("4-9")
    package static let lockersHistory = Option.integer(
        "lockers-history", "Events of a namespace or room to keep; 0 = none", 0...100_000, default: 200
    )
    .detail("For kiosks that come back, for at most ten minutes.").rule("§6.3")
    package static let lockersMessageLimit = Option.size(
        "lockers-message-limit", "Largest lockers message", 1024...(1 << 30), default: 64 << 10
    )
    .detail("Beyond it: close code 1009. Compressed messages are measured inflated.").rule("C7")
    package static let lockersCompression = Option.toggle(
        "lockers-compression", "Offer permessage-deflate on lockers"
    )
    .rule("C10")

    /// The keys of lockers, in the order of the help.
    static var lockersKeys: [OptionSpec] {
        [
            lockersPort.spec, lockersAuth.spec, lockersNamespace.spec, lockersSessionProvider.spec,
            lockersSessionRedis.spec, lockersSessionFile.spec, lockersSessionURL.spec, lockersAllowQuerySession.spec,
            lockersEventsScope.spec, lockersRoomRule.spec, lockersHistory.spec, lockersMessageLimit.spec,
            lockersCompression.spec,
        ]
    }
}
