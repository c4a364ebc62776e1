import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionStorage
import Synchronization

/// What the loops of one process share: their mailboxes, a few counters, and constants.
final class Node: Sendable {
    let inboxes: [Inbox]
    let listeners: [ListenerEntry]
    let tls: TLSContext?
    /// Key of the hashes that stand for ids in logs.
    let identifierHash: SipHash
    let configurationReader: ConfigurationReader?
    /// Decides which loop owns an entity.
    let entityHash: SipHash
    let startedAt: Moment
    /// Where services keep what survives; `nil` where none of them keeps anything.
    let store: (any StorageEngine)?
    /// Judges credentials.
    let access: Access
    /// Judges the credentials of lockers.
    let sessions: LockerSessions
    /// Calls the operator's endpoint.
    let hooks: HookSender
    /// The service that keeps boards; `nil` where there is none.
    let boardBackend: BoardBackend?
    private let currentDrainState = Atomic<DrainState>(.serving)
    private let nextSerial = Atomic<UInt64>(1)
    private let admitted = Atomic<Int>(0)
    private let reloadsAccepted = Atomic<Int>(0)
    private let reloadsRejected = Atomic<Int>(0)
    private let drainedLoops = Atomic<Int>(0)
    private let administrators = Atomic<Int>(0)
    private let syncCount = Atomic<Int>(0)
    private let syncPeakCount = Atomic<Int>(0)
    /// Nanoseconds of the monotonic clock at which the store was first seen down; `.max` while it is up.
    private let storeDownSince = Atomic<Int64>(.max)
    /// Rooms of board with members, on all loops (PROTOCOLS 3-21).
    let boardRooms = SharedTally()
    /// Nanoseconds of the monotonic clock at which the last WebSocket left.
    private let emptySince: Atomic<Int64>
    private let traceCount = Atomic<Int>(0)
    private let addresses = Mutex(AddressBook())
    private let healthChecks = Mutex(HealthChecks())

    init(
        inboxes: [Inbox], listeners: [ListenerEntry], tls: TLSContext?, identifierHash: SipHash, entityHash: SipHash,
        startedAt: Moment, store: (any StorageEngine)?, access: Access, sessions: LockerSessions, hooks: HookSender,
        boardBackend: BoardBackend?, configurationReader: ConfigurationReader?
    ) {
        self.inboxes = inboxes
        self.listeners = listeners
        self.tls = tls
        self.identifierHash = identifierHash
        self.configurationReader = configurationReader
        self.entityHash = entityHash
        self.startedAt = startedAt
        emptySince = Atomic(startedAt.instant.nanoseconds)
        self.store = store
        self.access = access
        self.sessions = sessions
        self.hooks = hooks
        self.boardBackend = boardBackend
    }

    var loopCount: Int { inboxes.count }

    /// How far a graceful stop has come.
    var drainState: DrainState { currentDrainState.load(ordering: .relaxed) }

    /// Goes from one state of a graceful stop to another and tells every loop.
    ///
    /// - Returns: Whether the node was in the state `old`, and nothing else has happened meanwhile.
    @discardableResult
    func changeDrainState(from old: DrainState, to new: DrainState) -> Bool {
        guard currentDrainState.compareExchange(expected: old, desired: new, ordering: .relaxed).exchanged else {
            return false
        }
        postToAll(.drain)
        return true
    }

    /// A name that no other connection of this process has.
    func makeSerial() -> UInt64 { nextSerial.add(1, ordering: .relaxed).oldValue }

    /// Counts a new WebSocket, unless a limit of C8 is reached.
    func admit(_ address: SocketAddress, at now: Instant, of configuration: ServerConfiguration) -> AdmissionRefusal? {
        let caps = configuration.limits
        if admitted.add(1, ordering: .relaxed).newValue > caps.node ?? .max {
            admitted.subtract(1, ordering: .relaxed)
            return .nodeLimit
        }
        guard caps.address != nil || caps.acceptsPerSecond != nil else { return nil }
        let refusal = addresses.withLock { $0.admit(address, at: now, caps) }
        if refusal != nil { admitted.subtract(1, ordering: .relaxed) }
        return refusal
    }

    /// Uncounts a WebSocket that ``admit(_:at:of:)`` counted; the last one of a drain wakes the loops that wait for it.
    ///
    /// - Parameter isCounted: Whether its address counts it too.
    func release(_ address: SocketAddress, isCounted: Bool, at now: Instant) {
        let remaining = admitted.subtract(1, ordering: .relaxed).newValue
        if remaining == 0 { emptySince.max(now.nanoseconds, ordering: .relaxed) }
        if remaining == 0, drainState == .closing { for inbox in inboxes { inbox.waker.wake() } }
        if isCounted { addresses.withLock { $0.release(address) } }
    }

    /// Counts a WebSocket that was admitted before there was a limit for its address.
    func countAddress(_ address: SocketAddress) { addresses.withLock { $0.count(address) } }

    /// Counts that an address asks for channels' health, unless it does so too often (PROTOCOLS 2-18).
    func admitHealthCheck(_ host: String, at now: Instant) -> Bool { healthChecks.withLock { $0.admit(host, at: now) } }

    /// How many WebSockets there are, on all loops.
    var webSocketCount: Int { admitted.load(ordering: .relaxed) }

    /// Since when there has been no WebSocket; `nil` while there is one.
    var idleSince: Instant? {
        webSocketCount == 0 ? Instant(nanoseconds: emptySince.load(ordering: .relaxed)) : nil
    }

    /// The services that run, and whether they are open to everybody on the network.
    func exposure(_ access: AccessConfiguration) -> [(profile: ProtocolID, isInsecure: Bool)] {
        ProtocolID.allCases.compactMap { profile in
            let found = listeners.filter { $0.configuration.profiles.contains(profile) }
            let isOpen =
                access.mode(of: profile) == .open
                || (profile == .lockers && access.lockersModes.values.contains(.open))
            return found.isEmpty ? nil : (profile, isOpen && found.contains(where: \.isExposed))
        }
    }

    /// Whether an administrator's socket is open on any loop.
    var hasAdministrators: Bool { administrators.load(ordering: .relaxed) > 0 }

    /// Counts administrators' sockets that came, or uncounts those that went; loop 0 looks after them.
    func countAdministrators(_ change: Int) {
        administrators.add(change, ordering: .relaxed)
        inboxes[0].waker.wake()
    }

    /// A store that is down for longer makes the node unready (PROTOCOLS 1-32).
    static let toleratedOutage: Duration = .seconds(5)

    /// Looks whether the store is up; loop 0 does now and then, so that it is known since when.
    func watchStore(at now: Instant) {
        guard let store else { return }
        guard case .down = store.health else { return storeDownSince.store(.max, ordering: .relaxed) }
        storeDownSince.min(now.nanoseconds, ordering: .relaxed)
    }

    /// For how long the store has been down, as it says now.
    func storeOutage(at now: Instant) -> Duration {
        watchStore(at: now)
        let since = storeDownSince.load(ordering: .relaxed)
        return since == .max ? .zero : max(.nanoseconds(1), now - Instant(nanoseconds: since))
    }

    /// Counts an open socket of sync.
    func syncOpened() {
        let count = syncCount.add(1, ordering: .relaxed).newValue
        syncPeakCount.max(count, ordering: .relaxed)
    }

    /// Uncounts one.
    func syncClosed() { syncCount.subtract(1, ordering: .relaxed) }

    /// The most sockets of sync that there were at once.
    var syncPeak: Int { syncPeakCount.load(ordering: .relaxed) }

    /// Gives memory that nobody uses back to the system, on a thread of its own.
    func giveMemoryBack() {
        // Where no thread can be started, the memory waits for the next crowd that goes.
        guard let thread = try? SystemThread(name: "memory", body: SystemMemory.giveBack) else { return }
        thread.detach()
    }

    /// How many traces there may be at once.
    static let tracesMax = 8

    /// Counts a trace, unless there are as many as there may be.
    func beginTrace() -> Bool {
        if traceCount.add(1, ordering: .relaxed).newValue <= Self.tracesMax { return true }
        endTrace()
        return false
    }

    /// Uncounts a trace.
    func endTrace() { traceCount.subtract(1, ordering: .relaxed) }

    /// Counts a reload.
    func countReload(isAccepted: Bool) {
        if isAccepted {
            reloadsAccepted.add(1, ordering: .relaxed)
        } else {
            reloadsRejected.add(1, ordering: .relaxed)
        }
    }

    /// How many reloads there were, accepted and rejected.
    var reloads: (accepted: Int, rejected: Int) {
        (reloadsAccepted.load(ordering: .relaxed), reloadsRejected.load(ordering: .relaxed))
    }

    /// Records that a loop has nothing left to close; ends all loops with the last one.
    func loopIsDrained() {
        if drainedLoops.add(1, ordering: .relaxed).newValue == loopCount { postToAll(.stop) }
    }

    /// Sends mail to one loop and wakes it.
    func post(_ mail: Mail, to loop: Int) { inboxes[loop].post(mail) }

    /// Sends the same mail to every loop, the sender's own too.
    func postToAll(_ mail: Mail) {
        for inbox in inboxes { inbox.post(mail) }
    }
}

/// A loop's mailbox and the bell on it.
final class Inbox: Sendable {
    let waker: Waker
    private let mailbox = Mailbox<Mail>()

    init() throws(SystemError) { waker = try Waker() }

    func post(_ mail: Mail) {
        mailbox.post(mail)
        waker.wake()
    }

    /// Posts mail that comes in order, and wakes the loop once.
    func post(contentsOf mail: [Mail]) {
        mailbox.post(contentsOf: mail)
        waker.wake()
    }

    /// Takes all mail, oldest first.
    func takeAll() -> [Mail] {
        waker.acknowledge()
        return mailbox.takeAll()
    }
}

/// Why a limit of C8 keeps a connection out.
enum AdmissionRefusal: Equatable {
    case nodeLimit, addressLimit, acceptRate
}

/// Counts connections by address and accepts by second, for the limits of C8 that are set.
struct AddressBook: Sendable {
    private var counts: [String: Int] = [:]
    private var accepts = TokenBucket()

    /// Counts a connection from `address`, unless a limit is reached. The rate never applies to loopback.
    mutating func admit(_ address: SocketAddress, at now: Instant, _ caps: ConnectionCaps) -> AdmissionRefusal? {
        if let rate = caps.acceptsPerSecond, !address.isLoopback,
            !accepts.take(at: now, TokenRate(tokens: rate, each: .seconds(1)))
        {
            return .acceptRate
        }
        guard let limit = caps.address else { return nil }
        guard counts[address.host, default: 0] < limit else { return .addressLimit }
        count(address)
        return nil
    }

    /// Counts a connection, whatever the limit says.
    mutating func count(_ address: SocketAddress) { counts[address.host, default: 0] += 1 }

    /// Uncounts a connection.
    mutating func release(_ address: SocketAddress) {
        let host = address.host
        guard let count = counts[host] else { return }
        counts[host] = count == 1 ? nil : count - 1
    }
}

extension AwarenessConfiguration {
    /// The configuration of one loop's machine, which knows which users are its own.
    func sharded(_ loop: Int, of node: Node) -> AwarenessConfiguration {
        var configuration = self
        configuration.shard = loop
        configuration.shardCount = node.loopCount
        configuration.hash = node.entityHash
        return configuration
    }
}

extension ChannelsConfiguration {
    /// The configuration of one loop's machine, which knows which topics are its own.
    ///
    /// - Parameter hasHook: Whether the operator has an endpoint to be told.
    func sharded(
        _ loop: Int, of node: Node, _ access: AccessConfiguration, hasHook: Bool
    ) -> ChannelsConfiguration {
        var configuration = self
        configuration.hasHook = hasHook
        configuration.isOpen = access.mode(of: .channels) == .open
        configuration.isDraining = node.drainState != .serving
        configuration.shard = loop
        configuration.shardCount = node.loopCount
        configuration.hash = node.entityHash
        return configuration
    }
}

extension LockersConfiguration {
    /// The configuration of one loop's machine, which knows which namespaces and rooms are its own.
    func sharded(_ loop: Int, of node: Node, _ access: AccessConfiguration) -> LockersConfiguration {
        var configuration = self
        configuration.isOpen = access.mode(of: .lockers) == .open
        configuration.isDraining = node.drainState != .serving
        configuration.shard = loop
        configuration.shardCount = node.loopCount
        configuration.hash = node.entityHash
        return configuration
    }
}

extension SyncConfiguration {
    /// The configuration of one loop's machine, which knows which sessions are its own.
    func sharded(_ loop: Int, of node: Node, _ access: AccessConfiguration) -> SyncConfiguration {
        var configuration = self
        configuration.isOpen = access.mode(of: .sync) != .required
        configuration.isOptional = access.mode(of: .sync) == .optional
        configuration.shard = loop
        configuration.shardCount = node.loopCount
        configuration.hash = node.entityHash
        return configuration
    }
}

extension BoardConfiguration {
    /// The configuration of one loop's machine, which knows which rooms are its own.
    func sharded(_ loop: Int, of node: Node) -> BoardConfiguration {
        var configuration = self
        configuration.hasBackend = node.boardBackend != nil
        configuration.shard = loop
        configuration.shardCount = node.loopCount
        configuration.hash = node.entityHash
        return configuration
    }
}
