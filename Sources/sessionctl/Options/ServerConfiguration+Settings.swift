internal import CommandKit
internal import SessionBase
internal import SessionCodec
internal import SessionCore
internal import SessionIO
internal import SessionServer
internal import SessionStorage

/// From resolved settings to what the server takes: the second stage, which looks at names, files and limits.
extension ServerConfiguration {
    init(_ settings: Settings, environment: (String) -> String?) throws(CommandError) {
        self.init()
        try place(settings, environment)
        try admit(settings)
        threads = settings[ServeOptions.threads] ?? ProcessorAffinity.count
        isDevelopment = settings[ServeOptions.dev]
        timing = Timing(settings)
        queue.bytesMax = settings[ServeOptions.queueLimit]
        queue.age = settings[ServeOptions.queueAge]
        tls = try Self.tls(settings)
        log = LogConfiguration(settings)
        serveAwareness(settings)
        serveSync(settings)
        try serveChannels(settings)
        try serveLockers(settings)
        try serveBoard(settings)
        access = try AccessConfiguration(
            settings,
            drawsSecrets: listeners.contains { !Self.tokenProfiles.isDisjoint(with: $0.profiles) },
            environment: environment)
        if serves(.board) {
            boardBackend = try BoardBackendConfiguration.configured(settings, tokenSecret: access.accessSecret)
        }
        openStore = try Self.store(settings, environment)
        echoMessageBytesMax = settings[ServeOptions.echoMessageLimit]
        echoCompression = settings[ServeOptions.echoCompression]
        version = Program.version
        description = ServeOptions.keys.map { option in
            (option.key, ConfigurationText.values(option, settings).joined(separator: " "))
        }
    }

    /// The profiles that have a use for tokens.
    private static let tokenProfiles: Set<ProtocolID> = [.sync, .channels, .lockers, .board]

    private mutating func place(_ settings: Settings, _ environment: (String) -> String?) throws(CommandError) {
        for listener in try ServePlacement.listeners(settings) {
            listeners.append(
                ListenerConfiguration(
                    address: try Self.resolve(listener.address, listener.origin),
                    profiles: listener.profiles.map { ProtocolID($0) }, isSingle: listener.isSingle,
                    isHostSpelledOut: listener.hostIsNamed))
        }
        if let address = settings[ServeOptions.adminListen] {
            adminListener = try Self.resolve(address, settings.origin(of: ServeOptions.adminListen))
        }
        webSocketOwner =
            switch settings[ServeOptions.webSocketOwner] {
            case .sync: .sync
            case .channels: .channels
            case nil: nil
            }
        adminSocketPath = try RuntimeFolders.adminSocket(settings, environment)
    }

    private static func resolve(_ address: ListenAddress, _ origin: Origin) throws(CommandError) -> SocketAddress {
        switch address {
        case .unix(let path): return .unix(path: path)
        case .internet(let host, let port):
            do throws(ResolutionError) {
                return try Resolver.addresses(host: host ?? "0.0.0.0", port: port)[0]
            } catch {
                throw CommandError(.unknownHost, "\(error)")
            }
        }
    }

    private mutating func admit(_ settings: Settings) throws(CommandError) {
        guard let rule = OriginRule(patterns: settings[ServeOptions.origin]) else {
            throw settings.error(
                ServeOptions.origin,
                "write an origin such as https://app.example, or https://*.example for its subdomains")
        }
        origins = rule
        rejectionStyle =
            switch settings[ServeOptions.authReject] {
            case .auto: .automatic
            case .http: .http
            case .close: .close
            }
        limits.node = settings[ServeOptions.connectionLimit]
        limits.address = settings[ServeOptions.addressLimit]
        limits.acceptsPerSecond = settings[ServeOptions.acceptRate]
        let memory = settings[ServeOptions.memoryLimit]
        limits.residentBytes = memory > 0 ? memory : nil
    }

    private mutating func serveAwareness(_ settings: Settings) {
        awareness.heartbeatTimeout = settings[ServeOptions.awarenessHeartbeatTimeout]
        awareness.cleanupInterval = settings[ServeOptions.awarenessCleanupInterval]
        awareness.windowsPerUserMax = settings[ServeOptions.awarenessMaxConnections]
        awareness.disconnectGrace = settings[ServeOptions.awarenessDisconnectGrace]
        awareness.unregisteredTimeout = settings[ServeOptions.awarenessUnregisteredTimeout]
        awareness.mismatchOnFocus = settings[ServeOptions.awarenessMismatchOnFocus]
        awareness.liveness =
            switch settings[ServeOptions.awarenessLiveness] {
            case .transport: .transport
            case .heartbeat: .heartbeat
            }
        awareness.messageRate = Self.messageRate(settings)
        awarenessMessageBytesMax = settings[ServeOptions.awarenessMessageLimit]
        awarenessCompression = settings[ServeOptions.awarenessCompression]
    }

    private mutating func serveSync(_ settings: Settings) {
        sync.sessionLife = settings[ServeOptions.syncSessionTTL]
        sync.handoffLife = settings[ServeOptions.syncHandoffTTL]
        sync.isHandoffStrict = settings[ServeOptions.syncHandoffStrict]
        sync.presenceGrace = settings[ServeOptions.syncPresenceGrace]
        sync.presenceTimeout = settings[ServeOptions.syncPresenceTimeout]
        sync.authTimeout = settings[ServeOptions.authTimeout]
        sync.requiresVersion = settings[ServeOptions.syncRequireVersion]
        sync.messageRate = Self.messageRate(settings)
        syncMessageBytesMax = settings[ServeOptions.syncMessageLimit]
        syncCompression = settings[ServeOptions.syncCompression]
    }

    private mutating func serveChannels(_ settings: Settings) throws(CommandError) {
        channels = try ChannelsConfiguration(settings)
        channels.messageRate = Self.messageRate(settings)
        channelsHook = try HookConfiguration.configured(settings)
        channelsAllowsQueryToken = settings[ServeOptions.channelsAllowQueryToken]
        channelsPingInterval = settings[ServeOptions.channelsPingInterval]
        channelsMessageBytesMax = settings[ServeOptions.channelsMessageLimit]
        channelsCompression = settings[ServeOptions.channelsCompression]
    }

    private mutating func serveLockers(_ settings: Settings) throws(CommandError) {
        lockers = try LockersConfiguration(settings)
        lockers.messageRate = Self.messageRate(settings)
        if serves(.lockers) { lockerSessions = try LockerSessionsConfiguration(settings) }
        lockersMessageBytesMax = settings[ServeOptions.lockersMessageLimit]
        lockersCompression = settings[ServeOptions.lockersCompression]
    }

    private mutating func serveBoard(_ settings: Settings) throws(CommandError) {
        board = BoardConfiguration(settings)
        board.messageRate = Self.messageRate(settings)
        boardMessageBytesMax = settings[ServeOptions.boardMessageLimit]
        boardCompression = settings[ServeOptions.boardCompression]
    }

    /// What opens the store that the settings ask for (PROTOCOLS 1-32).
    private static func store(
        _ settings: Settings, _ environment: (String) -> String?
    ) throws(CommandError) -> @Sendable () throws(StorageError) -> any StorageEngine {
        let folder = try StateFolder.dataDirectory(settings, environment: environment)
        let location = try ServeChecks.store(settings, folder: folder)
        return { () throws(StorageError) in try location.open() }
    }

    private static func messageRate(_ settings: Settings) -> TokenRate? {
        settings[ServeOptions.rateLimit].map {
            TokenRate(tokens: $0, each: .seconds(1), burst: settings[ServeOptions.rateBurst])
        }
    }

    private static func tls(_ settings: Settings) throws(CommandError) -> TLSFiles? {
        let certificate = settings[ServeOptions.tlsCertificate]
        let key = settings[ServeOptions.tlsKey]
        switch (certificate, key) {
        case (nil, nil):
            guard settings[ServeOptions.tlsClientCA] == nil else {
                throw settings.error(ServeOptions.tlsClientCA, "it needs --tls-cert and --tls-key too")
            }
            return nil
        case (let certificate?, let key?):
            return TLSFiles(
                certificatePath: certificate, keyPath: key, clientAuthorityPath: settings[ServeOptions.tlsClientCA])
        case (nil, _?): throw settings.error(ServeOptions.tlsKey, "it needs --tls-cert too")
        case (_?, nil): throw settings.error(ServeOptions.tlsCertificate, "it needs --tls-key too")
        }
    }
}

extension Timing {
    fileprivate init(_ settings: Settings) {
        self.init()
        pingInterval = settings[ServeOptions.pingInterval]
        pongTimeout = settings[ServeOptions.pongTimeout]
        handshakeTimeout = settings[ServeOptions.handshakeTimeout]
        drainWait = settings[ServeOptions.lbWait]
        drainDuration = settings[ServeOptions.drainDuration]
        idleExit = settings[ServeOptions.idleExit]
    }
}

extension LogConfiguration {
    fileprivate init(_ settings: Settings) {
        self.init()
        level =
            switch settings[ServeOptions.logLevel] {
            case .error: .error
            case .warn: .warn
            case .info: .info
            case .debug: .debug
            }
        showsIdentifiers = settings[ServeOptions.logIDs] == .plain
        isJSON = settings[ServeOptions.logFormat] == .json
    }
}

extension ProtocolID {
    fileprivate init(_ profile: ServeProfile) {
        self =
            switch profile {
            case .awareness: .awareness
            case .sync: .sync
            case .channels: .channels
            case .lockers: .lockers
            case .board: .board
            case .echo: .echo
            }
    }
}
