import SessionBase
package import SessionCodec
package import SessionCore
package import SessionIO
package import SessionStorage

/// Everything that `serve` was told, resolved and checked: an immutable value that is published to every loop.
package struct ServerConfiguration: Sendable {
    /// The listeners to open, in the order in which they are announced.
    package var listeners: [ListenerConfiguration] = []
    /// Whose `/ws` is on a listener that has both sync and channels, where a handshake does not say (PROTOCOLS §1.2).
    package var webSocketOwner: ProtocolID?
    /// The listener that alone answers probes, metrics and `/admin/*`, where there is one.
    package var adminListener: SocketAddress?
    /// Path of the Unix socket for `/admin/*` (PROTOCOLS §1.6).
    package var adminSocketPath = ""
    /// How many event loops run.
    package var threads = 1
    /// Opens `/admin/*` on the listeners, which are then on loopback only.
    package var isDevelopment = false
    /// Origins accepted beside the server's own (C18).
    package var origins = OriginRule.sameHost
    /// How a browser learns that it was refused (PROTOCOLS §1.4).
    package var rejectionStyle = RejectionStyle.automatic
    /// Certificate, key and client authorities, where the listeners speak TLS.
    package var tls: TLSFiles?
    /// How many connections there may be.
    package var limits = ConnectionCaps()
    /// When connections are looked after.
    package var timing = Timing()
    /// How much may wait for a peer that reads slowly (C4).
    package var queue = QueueCaps()
    /// How awareness behaves.
    package var awareness = AwarenessConfiguration()
    /// How large awareness' messages may be, in bytes.
    package var awarenessMessageBytesMax = 64 * 1024
    /// Whether awareness accepts permessage-deflate (C10).
    package var awarenessCompression = false
    /// Who may do what.
    package var access = AccessConfiguration()
    /// Opens what services keep their documents in; unless told otherwise, they end with the process.
    package var openStore: @Sendable () throws(StorageError) -> any StorageEngine = { MemoryEngine() }
    /// How sync behaves.
    package var sync = SyncConfiguration()
    /// How large sync's messages may be, in bytes.
    package var syncMessageBytesMax = 256 * 1024
    /// Whether sync accepts permessage-deflate (C10).
    package var syncCompression = false
    /// How channels behave.
    package var channels = ChannelsConfiguration()
    /// How large channels' messages may be, in bytes; seed 002: 1 MiB.
    package var channelsMessageBytesMax = 1024 * 1024
    /// Whether channels accept permessage-deflate (C10).
    package var channelsCompression = false
    /// How often channels ping; seed 002: 30 s.
    package var channelsPingInterval: Duration = .seconds(30)
    /// Whether channels take a token in the query (PROTOCOLS 2-6).
    package var channelsAllowsQueryToken = false
    /// The operator's endpoint that is told of occupied channels and cancelled reports; `nil` for none.
    package var channelsHook: HookConfiguration?
    /// How lockers behave.
    package var lockers = LockersConfiguration()
    /// Who knows lockers' sessions.
    package var lockerSessions = LockerSessionsConfiguration()
    /// How large lockers' messages may be, in bytes.
    package var lockersMessageBytesMax = 64 * 1024
    /// Whether lockers accept permessage-deflate (C10).
    package var lockersCompression = false
    /// How board behaves.
    package var board = BoardConfiguration()
    /// The service that keeps boards; `nil` where they stay in the store (PROTOCOLS 3-19).
    package var boardBackend: BoardBackendConfiguration?
    /// How large board's messages may be, in bytes (PROTOCOLS §5.3).
    package var boardMessageBytesMax = 64 * 1024
    /// Whether board accepts permessage-deflate (C10).
    package var boardCompression = false
    /// How large echo's messages may be, in bytes.
    package var echoMessageBytesMax = 64 * 1024 * 1024
    /// Whether echo accepts permessage-deflate.
    package var echoCompression = true
    /// What is logged, and how.
    package var log = LogConfiguration()
    /// The version that `/varz` and `/metrics` show.
    package var version = ""
    /// Every key with its value, secrets masked, as `config print` and `GET /admin/config` show them.
    package var description: [(key: String, value: String)] = []

    /// The configuration of a server that was told nothing.
    package init() {}

    /// Whether a service is found on any listener.
    package func serves(_ profile: ProtocolID) -> Bool { listeners.contains { $0.profiles.contains(profile) } }

    /// How WebSockets of a service are run.
    func acceptance(of profile: ProtocolID) -> Acceptance {
        switch profile {
        case .awareness:
            Acceptance(
                messageBytesMax: awarenessMessageBytesMax, compression: awarenessCompression ? .server : nil)
        case .sync: Acceptance(messageBytesMax: syncMessageBytesMax, compression: syncCompression ? .server : nil)
        case .channels:
            Acceptance(messageBytesMax: channelsMessageBytesMax, compression: channelsCompression ? .server : nil)
        case .lockers:
            Acceptance(messageBytesMax: lockersMessageBytesMax, compression: lockersCompression ? .server : nil)
        case .board:
            Acceptance(messageBytesMax: boardMessageBytesMax, compression: boardCompression ? .server : nil)
        case .echo: Acceptance(messageBytesMax: echoMessageBytesMax, compression: echoCompression ? .server : nil)
        }
    }

    /// How long a kept-alive connection may wait for another request.
    static let idleRequestTimeout: Duration = .seconds(60)

    /// How long a connection of a service may be silent before it gets a Ping; `nil` where it never does.
    ///
    /// Awareness pings at least three times in its heartbeat timeout, so that a short one removes no healthy silent
    /// window (PROTOCOLS §2.8).
    func pingInterval(of profile: ProtocolID?) -> Duration? {
        guard timing.pingInterval > .zero else { return nil }
        switch profile {
        case .awareness: return min(timing.pingInterval, awareness.heartbeatTimeout / 3)
        case .channels: return channelsPingInterval > .zero ? channelsPingInterval : nil
        case .sync, .lockers, .board, .echo, nil: return timing.pingInterval
        }
    }
}

/// One address to listen on, and the services found there.
package struct ListenerConfiguration: Sendable {
    /// Where to listen; port 0 picks one.
    package var address: SocketAddress
    /// The services, in the order in which they are announced.
    package var profiles: [ProtocolID]
    /// Whether only the prefixed paths and those of `PROTOCOLS` §1.2 number 2 are served (`--single`).
    package var isSingle: Bool
    /// Whether the operator named this host; otherwise protected mode keeps strangers out (PROTOCOLS §1.5).
    package var isHostSpelledOut: Bool

    /// Describes a listener.
    package init(address: SocketAddress, profiles: [ProtocolID], isSingle: Bool = false, isHostSpelledOut: Bool = false)
    {
        self.address = address
        self.profiles = profiles
        self.isSingle = isSingle
        self.isHostSpelledOut = isHostSpelledOut
    }
}

/// How a refused handshake is answered (PROTOCOLS §1.4).
package enum RejectionStyle: String, Sendable {
    /// A browser gets a Close frame, everyone else an HTTP status.
    case automatic = "auto"
    /// Always an HTTP status.
    case http
    /// Always a Close frame.
    case close
}

/// Paths of the PEM files that TLS needs.
package struct TLSFiles: Sendable {
    /// The certificate chain, leaf first.
    package var certificatePath: String
    /// The private key.
    package var keyPath: String
    /// Authorities of which clients must show a certificate.
    package var clientAuthorityPath: String?

    /// Names the files.
    package init(certificatePath: String, keyPath: String, clientAuthorityPath: String? = nil) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.clientAuthorityPath = clientAuthorityPath
    }
}

/// How many connections there may be (PROTOCOLS C8).
package struct ConnectionCaps: Sendable {
    /// Connections of the node; `nil` derives it from the descriptor limit.
    package var node: Int?
    /// Connections of one address; `nil` for no limit.
    package var address: Int?
    /// Connections accepted in a second, loopback excepted; `nil` for no limit.
    package var acceptsPerSecond: Int?

    /// Resident bytes of the process above which it is not ready for more (C14); `nil` for no limit.
    package var residentBytes: Int?

    /// No limit but the descriptors'.
    package init() {}
}

/// How long things may take.
package struct Timing: Sendable {
    /// Silence after which a Ping is sent, ±10 % (C1); zero sends none.
    package var pingInterval: Duration = .seconds(25)
    /// Silence after a Ping that ends the connection.
    package var pongTimeout: Duration = .seconds(10)
    /// From accept to the end of the request's head (C2), and the pause between requests of a kept-alive connection.
    package var handshakeTimeout: Duration = .seconds(5)
    /// From our Close frame to the peer's, and from there to the end of the stream.
    package var closeTimeout: Duration = .seconds(2)
    /// From the signal to the refusal of new connections (C11).
    package var drainWait: Duration = .seconds(5)
    /// How long closing all connections is spread over (C11).
    package var drainDuration: Duration = .seconds(30)
    /// How long a drained server waits for boards to be stored behind its last socket; the journal keeps the rest.
    package var boardsWait: Duration = .seconds(10)
    /// How long the server stays without a WebSocket before it leaves; `nil` for ever (PROTOCOLS 3-21).
    package var idleExit: Duration?

    /// The defaults of PROTOCOLS §1.9.
    package init() {}
}

/// How much may wait for one connection (PROTOCOLS C4).
package struct QueueCaps: Sendable {
    /// Bytes that may wait.
    package var bytesMax = 1024 * 1024
    /// How long they may wait.
    package var age: Duration = .seconds(10)

    /// The defaults of C4.
    package init() {}
}
