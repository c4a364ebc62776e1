package import CommandKit

/// The options of `serve`; with few exceptions they are the keys of the configuration file too (PROTOCOLS §1.10).
package enum ServeOptions {
    // MARK: Configuration

    package static let config = Option.text("config", "Read settings from FILE", "FILE", .file)
        .detail("One 'key value' a line; keys are the long option names without dashes; '#' starts a comment.")
        .environment("SESSIONCTL_CONFIG").rule("C15")
    package static let dataDirectory = Option.text("data-dir", "Keep state and secrets in DIR", "DIR", .directory)
        .detail("Without HOME and XDG_STATE_HOME it must be given.")
        .unset("$XDG_STATE_HOME/sessionctl, or ~/.local/state/sessionctl").rule("§1.10")
    package static let dev = Option.toggle("dev", "Development: open profiles, loopback only")
        .detail("Opens every profile, admits '/admin/*' on its listeners, and listens on loopback only.").rule("§1.5")

    // MARK: Listening

    package static let profile = Option.choices(
        "profile", "Profiles to run, separated by commas", "PROFILE[,PROFILE]",
        default: [ServeProfile.awareness, .sync, .channels, .lockers, .board]
    )
    .detail(
        """
        Each runs on its native listener: awareness on 0.0.0.0:8765, sync on 0.0.0.0:8080, channels and lockers together \
        on 0.0.0.0:3000, board on 0.0.0.0:8000, echo on 127.0.0.1:9001.
        """
    )
    .commaSeparated().rule("§1.2")
    package static let listen = Option.placements(
        "listen", "Listen for PROFILE at HOST:PORT", profiles: ServeProfile.allCases.map(\.rawValue)
    )
    .detail(
        """
        PROFILE may be a list 'awareness+echo' that shares the listener. HOST may be '[::]'; 'unix:PATH' takes the \
        place of HOST:PORT; port 0 picks a free one. Without --profile only the profiles named here run; beside it \
        none is added, and a profile without a listener of its own keeps its native one. Standard output gets one \
        line a listener: 'listening NAMES HOST:PORT'.
        """
    )
    .rule("§1.10")
    package static let single = Option.address("single", "Serve all profiles at one address", portAlone: true)
        .detail(
            """
            Each profile is found under its prefix there: /awareness, /sync/ws, /channels/ws, /lockers/NAMESPACE, /board, \
            /echo; and so are the native paths that only one of them has. '/' is board for who has a 'token' in the query, \
            otherwise awareness. On /ws a client offers the \
            subprotocol sessionctl.sync.v1 or sessionctl.channels.v1, unless --ws-owner says whose it is.
            """
        )
        .rule("§1.2")
    package static let webSocketOwner = Option<WebSocketOwner?>.choice(
        "ws-owner", "Whose /ws is where sync and channels share a listener"
    )
    .detail(
        """
        Without it, a client of /ws there must offer a subprotocol that says so, or is answered with 409 AMBIGUOUS_PATH.
        """
    )
    .unset("nobody's").rule("§1.2")
    package static let host = Option.text("host", "Listen on HOST instead of the native hosts", "HOST")
        .detail(
            """
            While a profile is open and no host is named, peers that are not on loopback are refused; naming \
            0.0.0.0 here admits them. HOST in the environment applies where exactly one profile that knows it runs \
            and no option places its listener.
            """
        )
        .sharedEnvironment("HOST").unset("the native host of each profile").rule("§1.5")
    package static let threads = Option<Int?>.integer(
        "threads", "Event loops to run", 1...1024, or: "auto"
    )
    .detail("'auto' is one for each processor this process may run on (its affinity mask).").rule("§1.10")

    // MARK: Admission

    package static let origin = Option.list("origin", "Admit browsers from this origin", "ORIGIN")
        .detail(
            """
            Such as 'https://app.example' or a pattern 'https://*.example.org'. An Origin header whose host and port \
            equal those of Host is always admitted; on loopback any port of the same host is; 'null' never is.
            """
        )
        .rule("C18")
    package static let authReject = Option.choice(
        "auth-reject", "How a handshake is refused", default: RefusalStyle.auto
    )
    .detail(
        """
        'http' answers with an HTTP status, 'close' opens the connection and closes it with a code, 'auto' does the \
        second for browsers, which cannot see a status.
        """
    )
    .rule("§1.4")
    package static let connectionLimit = Option<Int?>.integer(
        "connection-limit", "Most connections at once", 1...100_000_000, or: "auto"
    )
    .detail("Beyond it: HTTP 503 with Retry-After. 'auto' is the descriptor limit less a reserve.").rule("C8")
    package static let addressLimit = Option<Int?>.integer(
        "address-limit", "Most connections of one address", 1...100_000_000, or: "off"
    )
    .detail("Beyond it: HTTP 429.").rule("C8")
    package static let acceptRate = Option<Int?>.integer(
        "accept-rate", "Most new connections a second", 1...100_000_000, or: "off"
    )
    .detail("Beyond it: HTTP 429. It never applies to loopback.").rule("C8")

    package static let memoryLimit = Option.size(
        "memory-limit", "Memory above which /readyz says no; 0 = off", 0...(1 << 50), default: 0
    )
    .detail("Resident bytes of the process. What is connected stays connected.").rule("C14")

    package static let authTimeout = Option.duration(
        "auth-timeout", "Wait for a credential", default: "10s", minimum: .milliseconds(1)
    )
    .detail("Of a connection that shows it in a message. Then it is closed with 4408.").rule("C2")

    // MARK: Storage

    package static let store = Option.text("store", "Where sessions are kept", "STORE")
        .detail(
            """
            'sqlite' is a file in --data-dir, 'sqlite:PATH' another one; 'memory' keeps nothing beyond the process; \
            'redis://[USER@]HOST[:PORT][/DB]', 'rediss://' with TLS, or 'HOST:PORT' is a Redis server, whose password is \
            read from REDIS_PASSWORD. REDIS_ADDR says the same, where 'none' is 'sqlite'.
            """
        )
        .environment("REDIS_ADDR").unset("sqlite").rule("1-32")
    package static let redisPassword = Option.text("redis-password", "Password of the Redis server", "SECRET")
        .detail("Better set in the environment or a file: other people see command lines.")
        .environment("REDIS_PASSWORD").secret().unset("no password").rule("1-32")
    package static let redisDatabase = Option<Int?>.integer(
        "redis-db", "Number of the Redis database", 0...1_000_000
    )
    .environment("REDIS_DB").unset("that of the URL, or 0").rule("1-32")

    // MARK: Messages

    package static let rateLimit = Option<Int?>.integer(
        "rate-limit", "Most messages a second of a connection", 1...100_000_000, or: "off", default: "200"
    )
    .detail(
        """
        The excess is answered with RATE_LIMITED; three seconds with an excess within ten close with 4529. 'off' \
        disables every rate limit of a connection. The echo profile has none.
        """
    )
    .rule("C6")
    package static let rateBurst = Option.integer(
        "rate-burst", "Messages a connection may send at once", 1...100_000_000, default: 400
    )
    .detail("The size of the bucket that --rate-limit refills.").rule("C6")
    package static let queueLimit = Option.size(
        "queue-limit", "Most bytes waiting for a slow peer", 1024...(1 << 40), default: 1 << 20
    )
    .detail("A larger message is taken when nothing else waits. Beyond it: close code 4511.").rule("C4")
    package static let queueAge = Option.duration(
        "queue-age", "Longest wait of output for a slow peer", default: "10s", minimum: .milliseconds(100)
    )
    .detail("Beyond it: close code 4511.").rule("C4")

    // MARK: Times

    package static let pingInterval = Option.duration("ping-interval", "Silence before a ping; 0 = off", default: "25s")
        .detail(
            """
            Varied by 10 % either way. Any frame counts as life. Awareness never waits longer than a third of its \
            heartbeat timeout.
            """
        )
        .rule("C1")
    package static let pongTimeout = Option.duration(
        "pong-timeout", "Wait for the answer to a ping", default: "10s", minimum: .milliseconds(1)
    )
    .detail("Then the connection is closed with 4508.").rule("C1")
    package static let handshakeTimeout = Option.duration(
        "handshake-timeout", "Wait for a complete handshake", default: "5s", minimum: .milliseconds(1)
    )
    .detail("Then the answer is HTTP 408.").rule("C2")
    package static let lbWait = Option.duration(
        "lb-wait", "Serve on after /readyz says no", default: "5s"
    )
    .detail("The time load balancers get to notice a drain before new connections are refused.").rule("C11")
    package static let drainDuration = Option.duration(
        "drain-duration", "Spread the closes of a drain over this", default: "30s"
    )
    .detail("0 closes all connections at once. An idle server leaves right after --lb-wait.").rule("C11")

    package static let idleExit = Option.duration(
        "idle-exit", "Leave when nobody has been connected for this long", or: "off", minimum: .milliseconds(1)
    )
    .detail("Exits with status 0. Requests that are no WebSocket keep nobody waiting.").rule("3-21")

    // MARK: Administration

    package static let adminListen = Option.address("admin-listen", "Probes and metrics only here", portAlone: false)
        .detail("Without it /healthz, /readyz, /startupz, /metrics, /varz and /connz are on every listener.")
        .unset("every listener").rule("§1.10")
    package static let adminSocket = Option.text("admin-socket", "Administration socket", "PATH", .file)
        .detail("Mode 0600, in a folder of mode 0700; whoever may open it needs no credential.")
        .unset("$XDG_RUNTIME_DIR/sessionctl/PID.sock, or DATA_DIR/run/PID.sock").rule("§1.10")

    // MARK: TLS

    package static let tlsCertificate = Option.text("tls-cert", "Certificate chain (PEM); turns TLS on", "FILE", .file)
        .detail("Every listener but Unix sockets then speaks TLS 1.2 or later. Read again at SIGHUP.").rule("C19")
    package static let tlsKey = Option.text("tls-key", "Private key of the certificate (PEM)", "FILE", .file).rule(
        "C19")
    package static let tlsClientCA = Option.text(
        "tls-client-ca", "Ask clients for a certificate of this CA", "FILE", .file
    )
    .detail("A client without a certificate that these authorities issued is refused.").rule("C19")

    // MARK: Logging

    package static let logLevel = Option.choice("log-level", "Least urgent lines to log", default: LogLevel.info)
    package static let logIDs = Option.choice("log-ids", "How identifiers appear in logs", default: LogIDs.hash)
        .detail("Users, windows and cases are hashed unless 'plain' is asked for.").rule("0-20")
    package static let logFormat = Option.choice("log-format", "Shape of log lines", default: LogFormat.text)

    // MARK: Awareness

    package static let awarenessPort = Option.integer(
        "awareness-port", "Port of awareness' native listener", 0...65_535, default: 8765, placeholder: "PORT"
    )
    .detail("PORT in the environment applies where exactly one profile that knows it runs and no option places it.")
    .sharedEnvironment("PORT").rule("0-3")
    package static let awarenessAuth = Option.choice(
        "awareness-auth", "Who may connect to awareness", default: AuthMode.open
    )
    .detail("Only 'open' can be chosen as yet: awareness asks for no tokens.").rule("§1.5")
    package static let awarenessHeartbeatTimeout = Option.duration(
        "awareness-heartbeat-timeout", "Silence that makes a window stale", default: "60s",
        minimum: .milliseconds(1), bareMilliseconds: true
    )
    .detail("A bare number is milliseconds.").environment("HEARTBEAT_TIMEOUT").rule("0-16")
    package static let awarenessCleanupInterval = Option.duration(
        "awareness-cleanup-interval", "Time between sweeps of stale windows", default: "30s",
        minimum: .milliseconds(1), bareMilliseconds: true
    )
    .detail("A bare number is milliseconds.").environment("CLEANUP_INTERVAL").rule("0-16")
    package static let awarenessMaxConnections = Option.integer(
        "awareness-max-connections", "Most windows of one user", 1...1_000_000, default: 10
    )
    .detail("One more gets the error CONNECTION_LIMIT.").environment("MAX_CONNECTIONS").rule("0-5")
    package static let awarenessDisconnectGrace = Option.duration(
        "awareness-disconnect-grace", "Keep a window that was cut off", default: "10s"
    )
    .detail("0 removes it at once. A clean close always does.").rule("0-18")
    package static let awarenessUnregisteredTimeout = Option.duration(
        "awareness-unregistered-timeout", "Close what never registers", default: "60s", minimum: .milliseconds(1)
    )
    .detail("Counted from the last data frame.").rule("0-23")
    package static let awarenessLiveness = Option.choice(
        "awareness-liveness", "What keeps a window alive", default: AwarenessLiveness.transport
    )
    .detail("'transport' is any frame of its connection, 'heartbeat' only messages that name the window.").rule("0-16")
    package static let awarenessMismatchOnFocus = Option.toggle(
        "awareness-mismatch-on-focus", "Warn of a mismatch at focus too"
    )
    .rule("§2.4")
    package static let awarenessMessageLimit = Option.size(
        "awareness-message-limit", "Largest awareness message", 1024...(1 << 30), default: 64 << 10
    )
    .detail("Beyond it: close code 1009. Compressed messages are measured inflated.").rule("C7")
    package static let awarenessCompression = Option.toggle(
        "awareness-compression", "Offer permessage-deflate on awareness"
    )
    .rule("C10")

    // MARK: Sync

    package static let syncPort = Option.integer(
        "sync-port", "Port of sync's native listener", 0...65_535, default: 8080, placeholder: "PORT"
    )
    .detail("0 picks a free one.").rule("§1.2")
    package static let syncAddress = Option.address("sync-address", "Native listener of sync", portAlone: true)
        .detail("A bare port, or ':8080' as the variable has it, leaves the host as it is.")
        .environment("SERVER_ADDR").unset("0.0.0.0 and --sync-port").rule("1-32")
    package static let syncAuth = Option.choice("sync-auth", "Who may use sync", default: AuthMode.required)
        .detail(
            """
            'required' asks every request and connection for a token; 'optional' takes those without one as \
            'anonymous', 'open' does not look at tokens that it cannot read either. --dev makes it 'open'.
            """
        )
        .rule("§1.5")
    package static let syncHandoffTTL = Option.duration(
        "sync-handoff-ttl", "Life of a handoff token", default: "5m", minimum: .milliseconds(1)
    )
    .rule("1-18")
    package static let syncHandoffStrict = Option.toggle(
        "sync-handoff-strict", "Hand off to named devices only"
    )
    .detail("A request that does not say which device it comes from is then refused.").rule("1-19")
    package static let syncPresenceGrace = Option.duration(
        "sync-presence-grace", "Keep a device that was cut off", default: "15s"
    )
    .detail("One that returns meanwhile was never gone. A clean close is told at once.").rule("1-24")
    package static let syncPresenceTimeout = Option.duration(
        "sync-presence-timeout", "Silence after which a device is gone", default: "2m", minimum: .milliseconds(1)
    )
    .rule("1-24")
    package static let syncSessionTTL = Option.duration(
        "sync-session-ttl", "Life of a session after its last use", default: "7d", minimum: .seconds(1)
    )
    .rule("§3.3")
    package static let syncRequireVersion = Option.toggle(
        "sync-require-version", "Refuse snapshots without a version"
    )
    .detail("Of a session that exists already. Otherwise the last write wins.").rule("1-14")
    package static let syncMessageLimit = Option.size(
        "sync-message-limit", "Largest sync message", 1024...(1 << 30), default: 256 << 10
    )
    .detail("Beyond it: close code 1009. Compressed messages are measured inflated.").rule("C7")
    package static let syncCompression = Option.toggle("sync-compression", "Offer permessage-deflate on sync")
        .rule("C10")

    // MARK: Echo

    package static let echoPort = Option.integer(
        "echo-port", "Port of echo's native listener", 0...65_535, default: 9001, placeholder: "PORT"
    )
    .rule("§1.11")
    package static let echoMessageLimit = Option.size(
        "echo-message-limit", "Largest echo message", 1024...(1 << 30), default: 64 << 20
    )
    .rule("§1.11")
    package static let echoCompression = Option.toggle(
        "echo-compression", "Offer permessage-deflate on echo", default: true
    )
    .rule("§1.11")
}
