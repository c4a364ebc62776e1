package import CommandKit

/// The declaration of `serve` and of `serve PROFILE`.
extension ServeOptions {
    /// All options, in the order of the help.
    package static var all: [OptionSpec] {
        [config.spec].under("Configuration") + keys
    }

    /// The options that files and the environment may set.
    package static var keys: [OptionSpec] {
        ([dataDirectory.spec, dev.spec].under("Configuration")
            + [profile.spec, listen.spec, single.spec, webSocketOwner.spec, host.spec, threads.spec].under("Listening")
            + [
                origin.spec, authReject.spec, connectionLimit.spec, addressLimit.spec, acceptRate.spec,
                memoryLimit.spec, authTimeout.spec,
            ].under("Admission")
            + [store.spec, redisPassword.spec, redisDatabase.spec].under("Storage")
            + [rateLimit.spec, rateBurst.spec, queueLimit.spec, queueAge.spec].under("Messages")
            + [
                pingInterval.spec, pongTimeout.spec, handshakeTimeout.spec, lbWait.spec,
                drainDuration.spec, idleExit.spec,
            ].under("Times")
            + [adminListen.spec, adminSocket.spec].under("Administration")
            + AccessOptions.all.under("Tokens")
            + [tlsCertificate.spec, tlsKey.spec, tlsClientCA.spec].under("TLS")
            + [logLevel.spec, logIDs.spec, logFormat.spec].under("Logging")
            + awarenessKeys.under("Awareness") + syncKeys.under("Sync")
            + channelsKeys.under("Channels") + lockersKeys.under("Lockers") + boardKeys.under("Board")
            + echoKeys.under("Echo"))
            .asKeys()
    }

    private static var awarenessKeys: [OptionSpec] {
        [
            awarenessPort.spec, awarenessHeartbeatTimeout.spec, awarenessCleanupInterval.spec,
            awarenessMaxConnections.spec, awarenessAuth.spec, awarenessDisconnectGrace.spec,
            awarenessUnregisteredTimeout.spec, awarenessLiveness.spec, awarenessMismatchOnFocus.spec,
            awarenessMessageLimit.spec, awarenessCompression.spec,
        ]
    }

    private static var syncKeys: [OptionSpec] {
        [
            syncPort.spec, syncAddress.spec, syncAuth.spec, syncSessionTTL.spec, syncRequireVersion.spec,
            syncHandoffTTL.spec, syncHandoffStrict.spec, syncPresenceGrace.spec, syncPresenceTimeout.spec,
            syncMessageLimit.spec, syncCompression.spec,
        ]
    }

    private static var echoKeys: [OptionSpec] { [echoPort.spec, echoMessageLimit.spec, echoCompression.spec] }

    /// `serve`.
    package static let command = CommandSpec("serve", "Serve session protocols over WebSocket") {
        var details = CommandDetails(
            discussion: [
                """
                Runs the chosen profiles until a signal ends it. Without options that is awareness on port 8765, \
                for peers on loopback; sync on port 8080 and board on port 8000, for peers with a token; and on port 3000 \
                channels, where a token opens more, and lockers, for peers with a session.
                """,
                """
                SIGTERM, SIGINT and SIGUSR2 drain: readiness is withdrawn at once, new connections are refused after \
                --lb-wait, open ones are closed over --drain-duration; a second signal ends at once. SIGHUP reads the \
                configuration file and the certificates again.
                """,
            ],
            options: all,
            subcommands: ServeProfile.allCases.map(command(of:)))
        details.subcommandNoun = "profile"
        details.variables = ServeManual.variables
        details.sections = [
            ServeManual.configuration, ServeManual.paths, ServeManual.tokens, ServeManual.lockers,
            ServeManual.boards, ServeManual.positions, ServeManual.listeners,
        ]
        details.examples = [
            CommandExample("sessionctl serve", "Serve awareness to this machine; sync, channels, lockers and board"),
            CommandExample("sessionctl serve --dev", "Try everything out, without tokens"),
            CommandExample("sessionctl serve awareness -p 8765 -h 0.0.0.0 -t 60000", "The same for everybody"),
            CommandExample(
                "sessionctl serve board --backend http://localhost:3000", "Serve boards, and store them by HTTP"),
            CommandExample("sessionctl serve --profile awareness,echo", "Serve two profiles"),
            CommandExample(
                "sessionctl serve --listen awareness=127.0.0.1:0 --lb-wait 0", "Pick a free port; leave quickly"),
            CommandExample(
                "sessionctl serve --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem", "Serve wss://"),
        ]
        return details
    }

    /// `serve PROFILE`: the options of that profile without its name before them, and with the short spellings of its
    /// published command line (PROTOCOLS 0-3).
    private static func command(of profile: ServeProfile) -> CommandSpec {
        CommandSpec(profile.rawValue, profile.summary) {
            let options = all.filter { $0.key != Self.profile.spec.key }.map { respelled($0, for: profile) }
            // Where one of the profile's own has the name of a general one, as --ping-interval, it is meant.
            let taken = Set(options.filter { $0.category == ownCategory }.flatMap(\.longs))
            let hidden = options.filter { $0.category != ownCategory && !taken.isDisjoint(with: $0.longs) }
            let own = options.filter { option in !hidden.contains { $0.key == option.key } }
            var details = CommandDetails(
                discussion: ["Options of \(profile.rawValue) may be written with or without its name before them."],
                options: own.filter { $0.category == ownCategory } + own.filter { $0.category != ownCategory })
            details.unspelled = hidden
            details.settled = all.filter { $0.key == Self.profile.spec.key }.map { ($0, profile.rawValue) }
            details.helpIsShort = !details.options.contains { $0.shorts.contains("h") }
            details.examples = [CommandExample("sessionctl serve \(profile.rawValue)", "Serve \(profile.rawValue)")]
            return details
        }
    }

    /// The heading of a profile's own options after `serve PROFILE`.
    private static let ownCategory = "Profile"

    private static func respelled(_ option: OptionSpec, for profile: ServeProfile) -> OptionSpec {
        let shorts = profile == .awareness ? awarenessShorts[option.key].map { [$0] } ?? [] : option.shorts
        let prefix = profile.rawValue + "-"
        if option.key.hasPrefix(prefix) {
            return option.respelled(
                long: String(option.key.dropFirst(prefix.count)), shorts: shorts, category: ownCategory)
        }
        guard option.key == host.spec.key else { return option }
        return option.respelled(long: option.key, shorts: shorts, category: ownCategory)
    }

    /// The letters of seed 000's command line, "CLI Options".
    private static let awarenessShorts: [String: Character] = [
        "awareness-port": "p", "host": "h", "awareness-heartbeat-timeout": "t", "awareness-cleanup-interval": "c",
        "awareness-max-connections": "m",
    ]
}
