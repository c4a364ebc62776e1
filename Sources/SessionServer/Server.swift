import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
package import SessionIO
package import SessionStorage

/// A `serve` that has its listeners and is ready to run: one event loop on each of its threads.
package struct Server: Sendable {
    let node: Node
    private let configuration: ServerConfiguration

    /// Opens everything that can fail: certificates, listeners, the admin socket.
    ///
    /// - Parameter reader: Reads the configuration again at SIGHUP; `nil` for a server that cannot reload.
    /// - Throws: ``ServerStartError``, which says what is in the way and which exit status that is.
    package init(_ configuration: ServerConfiguration, reader: ConfigurationReader? = nil) throws(ServerStartError) {
        var configuration = configuration
        configuration.limits.node = configuration.limits.node ?? Self.connectionLimit()
        let tls = try Self.loadTLS(configuration.tls)
        let store = try Self.openStore(configuration)
        let identifierHash = SipHash(key0: SecureRandom.word(), key1: SecureRandom.word())
        let access = Self.makeAccess(configuration, store, identifierHash)
        let sessions = try Self.makeSessions(configuration, access, store, identifierHash)
        let boardBackend = try Self.makeBoardBackend(configuration, identifierHash)
        var clock = SystemClock()
        do throws(SystemError) {
            var inboxes: [Inbox] = []
            for _ in 0..<configuration.threads { inboxes.append(try Inbox()) }
            let hooks = try Self.makeHooks(configuration, inboxes, identifierHash)
            node = Node(
                inboxes: inboxes, listeners: try Self.openListeners(configuration, isSecure: tls != nil), tls: tls,
                identifierHash: identifierHash,
                entityHash: SipHash(key0: SecureRandom.word(), key1: SecureRandom.word()), startedAt: clock.moment(),
                store: store, access: access, sessions: sessions, hooks: hooks, boardBackend: boardBackend,
                configurationReader: reader)
        } catch {
            throw .system(error)
        }
        self.configuration = configuration
        try startStore()
    }

    /// The listeners in order, with the ports that were picked: `listening awareness 127.0.0.1:8765` is printed of each.
    /// Behind them stands the line of seed 003, *Running*, for each port that board has.
    package var announcements: [String] {
        let listeners = node.listeners.filter { !$0.configuration.profiles.isEmpty }
        let lines = listeners.map { listener in
            let names = listener.configuration.profiles.map(\.rawValue).joined(separator: "+")
            return "listening \(names) \(listener.listener.address)"
        }
        let boards = listeners.filter { $0.configuration.profiles.contains(.board) }
        return lines + boards.compactMap { $0.listener.address.port }.map { "Listening on *:\($0)" }
    }

    /// The addresses really bound, in the order of the configuration.
    package var addresses: [SocketAddress] { node.listeners.map { $0.listener.address } }

    /// Serves until the server is drained; loop 0 runs on the calling thread.
    ///
    /// - Parameter signals: What ``catchSignals()`` returned; a server inside a test leaves signals to others.
    package func run(catching signals: consuming Signals? = nil) throws(SystemError) {
        Signals.ignoreBrokenPipes()
        Signals.ignoreFileSizeLimit()
        logExposure()
        try runLoops(from: 1, signals)
        node.sessions.stop()
        node.hooks.stop()
        node.boardBackend?.stop()
        // What the loops asked of it last is carried out before it ends.
        node.store?.stop()
    }

    /// Catches SIGTERM, SIGINT and SIGUSR2, which drain the server, and SIGHUP, which makes it read its configuration
    /// again. Before anybody is told that the server listens: whoever reads that may send the first one at once.
    package static func catchSignals() throws(SystemError) -> Signals {
        try Signals([.terminate, .interrupt, .user2, .hangup])
    }

    /// Starts the loops from `index` on, each on its thread, runs loop 0 on this one, and waits for all.
    private func runLoops(from index: Int, _ signals: consuming Signals?) throws(SystemError) {
        guard index < node.loopCount else { return try runFirst(signals) }
        let thread = try start(index)
        try runLoops(from: index + 1, signals)
        thread.join()
    }

    private func runFirst(_ signals: consuming Signals?) throws(SystemError) {
        var loop = try makeLoop(0)
        try loop.watchListeners()
        loop.startHousekeeping()
        if let signals { try loop.watch(signals) }
        try loop.run()
        node.postToAll(.stop)
    }

    /// Starts the drain from another thread, as the first SIGTERM does.
    package func stop() {
        node.changeDrainState(from: .serving, to: .announced)
    }

    private func makeLoop(_ index: Int) throws(SystemError) -> ServerLoop {
        try ServerLoop(index: index, node: node, configuration: configuration, seed: SecureRandom.word())
    }

    private func start(_ index: Int) throws(SystemError) -> SystemThread {
        try SystemThread(name: "loop-\(index)") {
            do throws(SystemError) {
                var loop = try makeLoop(index)
                try loop.run()
            } catch {
                // A loop that cannot wait for events cannot serve; its connections are better off with a restart.
                log.write(.error, "event loop failed", at: node.startedAt.timestamp, ["reason": "\(error)"])
                ProcessExit.now(70)
            }
        }
    }

    private func logExposure() {
        for (profile, isInsecure) in node.exposure(configuration.access) where isInsecure {
            log.write(
                .warn, "\(profile.rawValue) is open to everyone who reaches its address", at: node.startedAt.timestamp,
                ["help": "put authentication in front of it, or listen on 127.0.0.1"])
        }
    }

    private var log: Log { Log(configuration.log, identifierHash: node.identifierHash) }

    // MARK: Opening

    /// Descriptors kept for files, probes and the refusal of connections.
    private static let reservedDescriptors = 64

    /// As many connections as there are descriptors, less a reserve (PROTOCOLS C8).
    private static func connectionLimit() -> Int? {
        // Where the limit cannot be read, the kernel refuses in its place, which C9 survives.
        guard let limits = try? ResourceLimits.raiseDescriptors() else { return nil }
        return max(limits.descriptors - reservedDescriptors, 1)
    }

    static func loadTLS(_ files: TLSFiles?) throws(ServerStartError) -> TLSContext? {
        guard let files else { return nil }
        let certificate = try read(files.certificatePath, as: "certificate")
        let key = try read(files.keyPath, as: "private key")
        var authorities: [UInt8]?
        if let path = files.clientAuthorityPath { authorities = try read(path, as: "client authorities") }
        do {
            return try TLSContext(
                serverIdentity: TLSContext.Identity(certificateChain: certificate, privateKey: key),
                clientAuthorities: authorities)
        } catch {
            throw .tls("TLS with \(files.certificatePath) and \(files.keyPath): \(error)")
        }
    }

    private static func read(_ path: String, as what: String) throws(ServerStartError) -> [UInt8] {
        do {
            return try Files.read(path)
        } catch {
            throw .tls("\(what): \(error); check the path and who may read it")
        }
    }

    private static func openListeners(
        _ configuration: ServerConfiguration, isSecure: Bool
    ) throws(SystemError) -> [ListenerEntry] {
        var entries: [ListenerEntry] = []
        for listener in configuration.listeners {
            entries.append(
                ListenerEntry(
                    try Listener(listener.address), listener, isSecure: isSecure,
                    sharesOperations: configuration.adminListener == nil, of: configuration,
                    trustsAdmins: configuration.isDevelopment))
        }
        if let address = configuration.adminListener {
            let operations = ListenerConfiguration(address: address, profiles: [], isHostSpelledOut: true)
            entries.append(
                ListenerEntry(
                    try Listener(address), operations, isSecure: isSecure, sharesOperations: true, of: configuration,
                    trustsAdmins: configuration.isDevelopment))
        }
        if !configuration.adminSocketPath.isEmpty {
            let address = SocketAddress.unix(path: configuration.adminSocketPath)
            let operations = ListenerConfiguration(address: address, profiles: [], isHostSpelledOut: true)
            entries.append(
                ListenerEntry(
                    try Listener(address), operations, isSecure: false, sharesOperations: true, of: configuration,
                    trustsAdmins: true))
        }
        return entries
    }
}

/// Why a server cannot start.
package enum ServerStartError: Error, CustomStringConvertible {
    /// The system refused: an address in use, a path that cannot be made.
    case system(SystemError)
    /// A certificate or key is unreadable or does not fit.
    case tls(String)
    /// The store cannot be opened.
    case storage(StorageError)

    package var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .tls(let reason): reason
        case .storage(let error): "\(error)"
        }
    }
}
