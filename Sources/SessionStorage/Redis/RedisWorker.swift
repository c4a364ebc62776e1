import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

/// The thread that speaks to Redis: sends what waits, pairs replies with calls, and connects again.
///
/// `apart` (until a time) → `connecting` → `greeting` → `ready`; from each of the last three back to `apart`.
final class RedisWorker: @unchecked Sendable {
    // Unchecked, because only its thread uses what follows once it runs, and starting a thread orders what was before.

    /// The most calls that are sent and not answered; more wait here.
    private static let sentMax = 4096
    /// How often what is over is looked for, and how much of it is removed at once from each collection.
    private static let sweepInterval = Duration.seconds(10)
    private static let sweepNames = 200
    private static let probeInterval = Duration.seconds(1)

    private enum Phase {
        /// There is no connection until then.
        case apart(until: Instant)
        /// The socket, or TLS, is being set up; until then.
        case connecting(deadline: Instant)
        /// Who we are and the scripts were sent; until then.
        case greeting(deadline: Instant)
        /// Calls go out.
        case ready
    }

    private static let wakeToken: UInt64 = 0
    private static let socketToken: UInt64 = 1

    private let address: RedisAddress
    private let tls: TLSContext?
    private let shared: RedisShared
    private let options: RedisEngine.Options
    private var poller: Poller
    private var random = SeededRandom(seed: UInt64(bitPattern: SystemClock.wallNanoseconds()))

    private var phase: Phase
    private var connection: RedisConnection?
    /// Whether the poller watches for room to write.
    private var watchesWriting = false
    /// Addresses of the server that were not tried yet.
    private var places: [SocketAddress] = []
    /// Attempts since the last one that led to a greeting.
    private var failures = 0
    /// The names under which Redis knows the scripts, by their numbers.
    private var digests: [String] = []

    private var waiting = FIFO<RedisCall>()
    private var sent = FIFO<RedisSent>()
    private var replies: [StoreWork.Answered] = []
    private var nextSweep: Instant
    private var nextProbe = Instant.zero
    /// The latest time of a call: what the sweep takes for the present.
    private var latest: Timestamp?
    private var stopDeadline: Instant?

    /// Prepares to speak to a server.
    init(
        _ address: RedisAddress, _ tls: TLSContext?, _ shared: RedisShared, _ options: RedisEngine.Options
    ) throws(StorageError) {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(shared.queue.descriptor, token: Self.wakeToken, .readable)
            self.poller = poller
        } catch {
            throw StorageError("\(error)")
        }
        self.address = address
        self.tls = tls
        self.shared = shared
        self.options = options
        let now = SystemClock.now()
        phase = .apart(until: now)
        nextSweep = now + Self.sweepInterval
    }

    /// The thread's body: ends when it is told to and everything is answered.
    func run() {
        while true {
            let now = SystemClock.now()
            takeOrders(at: now)
            act(at: now)
            if case .ready = phase { sendCalls(at: now) }
            watch()
            shared.answer(replies)
            replies.removeAll(keepingCapacity: true)
            if let stopDeadline, waiting.isEmpty, sent.isEmpty || now >= stopDeadline { return end() }
            wait()
        }
    }

    private func takeOrders(at now: Instant) {
        for order in shared.queue.takeAll() {
            switch order {
            case .work(let works):
                for work in works { waiting.append(RedisCall(work: work, since: now)) }
            case .stop: stopDeadline = now + options.replyTimeout
            }
        }
    }

    private func wait() {
        let now = SystemClock.now()
        do throws(SystemError) {
            let count = try poller.wait(until: nextDeadline, now: now)
            for index in 0..<count where poller.token(at: index) == Self.socketToken {
                try handle(poller.readiness(at: index))
            }
        } catch {
            part("\(error)", at: now)
        }
    }

    private func handle(_ readiness: Poller.Readiness) throws(SystemError) {
        guard let connection else { return }
        let now = SystemClock.now()
        do throws(RedisConnection.Failure) {
            let wasOpen = connection.isOpen
            if readiness.isWritable || !wasOpen { try connection.becameWritable() }
            if readiness.isReadable { try connection.becameReadable { receive($0, at: now) } }
            if !wasOpen, connection.isOpen { greet(at: now) }
        } catch {
            part(error.reason, at: now)
        }
    }

    private func watch() {
        guard let connection, connection.wantsToWrite != watchesWriting else { return }
        watchesWriting = connection.wantsToWrite
        do throws(SystemError) {
            try poller.modify(
                connection.descriptor, token: Self.socketToken, watchesWriting ? [.readable, .writable] : .readable)
        } catch {
            part("\(error)", at: SystemClock.now())
        }
    }

    private func end() {
        connection = nil
        for call in waiting.takeAll() { refuse(call, "the store is stopped") }
        for entry in sent.takeAll() {
            if case .call(let call) = entry.purpose { refuse(call, "the store is stopped") }
        }
        shared.answer(replies)
    }

    private func refuse(_ call: RedisCall, _ reason: String) { replies.append((call.work, .unavailable(reason))) }
}

/// A call on its way.
struct RedisCall {
    /// The call, and who asked.
    var work: StoreWork
    /// When it came.
    var since: Instant
    /// Whether it was sent before, on a connection that was lost.
    var isAgain = false
}

/// A command that was sent and not answered.
struct RedisSent {
    /// What a reply is for.
    enum Purpose {
        /// A call.
        case call(RedisCall)
        /// A part of the greeting whose refusal ends the connection.
        case greeting
        /// A part of the greeting that may be refused.
        case courtesy
        /// A script that Redis was given.
        case script(isLast: Bool)
        /// A write that tells whether writes succeed.
        case probe
        /// A sweep.
        case sweep
    }

    /// What its reply is for.
    var purpose: Purpose
    /// When it was sent.
    var time: Instant
}

/// Time.
extension RedisWorker {
    private var nextDeadline: Instant? {
        var deadline = nextSweep
        switch phase {
        case .apart(let until): deadline = min(deadline, until)
        case .connecting(let until), .greeting(let until): deadline = min(deadline, until)
        case .ready: if case .down = shared.health { deadline = min(deadline, nextProbe) }
        }
        if let first = sent.first { deadline = min(deadline, first.time + options.replyTimeout) }
        if let first = waiting.first { deadline = min(deadline, first.since + options.patience) }
        if let stopDeadline { deadline = min(deadline, stopDeadline) }
        return deadline
    }

    /// Does what the time has come for.
    private func act(at now: Instant) {
        while let first = waiting.first, now >= first.since + options.patience || isStopping(at: now) {
            _ = waiting.popFirst()
            refuse(first, downReason)
        }
        switch phase {
        case .apart(let until): if now >= until { connect(at: now) }
        case .connecting(let deadline):
            if now >= deadline { part("\(address.publicDescription) does not answer", at: now) }
        case .greeting(let deadline):
            if now >= deadline { part("\(address.publicDescription) does not greet back", at: now) }
        case .ready: keepHouse(at: now)
        }
    }

    private func keepHouse(at now: Instant) {
        if let first = sent.first, now >= first.time + options.replyTimeout {
            return part("\(address.publicDescription) takes more than \(options.replyTimeout) to answer", at: now)
        }
        if case .down = shared.health, now >= nextProbe {
            nextProbe = now + Self.probeInterval
            send(RedisCommand("SET", RedisRequest.prefix + "probe", "1", "PX", "60000"), .probe, at: now)
        }
        if now >= nextSweep {
            nextSweep = now + Self.sweepInterval
            if let latest { sweep(latest, at: now) }
        }
    }

    private func sweep(_ time: Timestamp, at now: Instant) {
        for collection in DocumentCollection.allCases {
            send(
                RedisCommand(
                    "EVALSHA", digests[RedisScript.sweep.rawValue], "1", RedisRequest.keys(collection),
                    String(time.milliseconds), String(Self.sweepNames)), .sweep, at: now)
        }
    }

    private func isStopping(at now: Instant) -> Bool { stopDeadline.map { now >= $0 } ?? false }

    private var downReason: String {
        if case .down(let reason) = shared.health { reason } else { "Redis took too long" }
    }
}

/// Connecting.
extension RedisWorker {
    private func connect(at now: Instant) {
        do throws(RedisConnection.Failure) {
            let place = try nextPlace()
            let connection = try RedisConnection(place, try secureSession())
            try connectSocket(connection, at: now)
        } catch {
            part(error.reason, at: now)
        }
    }

    private func connectSocket(_ connection: RedisConnection, at now: Instant) throws(RedisConnection.Failure) {
        do throws(SystemError) {
            try poller.add(connection.descriptor, token: Self.socketToken, [.readable, .writable])
        } catch {
            throw RedisConnection.Failure(reason: "\(error)")
        }
        watchesWriting = true
        self.connection = connection
        phase = .connecting(deadline: now + options.replyTimeout)
    }

    /// The next address of the server; names are looked up anew when all were tried.
    ///
    /// The look-up may take long, and holds up nothing but this thread, which has nothing else to do then.
    private func nextPlace() throws(RedisConnection.Failure) -> SocketAddress {
        if places.isEmpty {
            switch address.address {
            case .unix(let path): places = [.unix(path: path)]
            case .host(let host, let port):
                do throws(ResolutionError) {
                    places = try Resolver.addresses(host: host, port: port)
                } catch {
                    throw RedisConnection.Failure(reason: "\(error)")
                }
            }
        }
        return places.removeFirst()
    }

    private func secureSession() throws(RedisConnection.Failure) -> TLSSession? {
        guard let tls, case .host(let host, _) = address.address else { return nil }
        do throws(TLSError) {
            return try TLSSession(tls, peerName: host)
        } catch {
            throw RedisConnection.Failure(reason: "\(error)")
        }
    }

    /// Says who we are, and gives Redis the scripts.
    private func greet(at now: Instant) {
        phase = .greeting(deadline: now + options.replyTimeout)
        digests = []
        if let password = address.password {
            var command = RedisCommand("AUTH")
            if let user = address.user { command.append(user) }
            command.append(password)
            send(command, .greeting, at: now)
        }
        if address.database > 0 { send(RedisCommand("SELECT", String(address.database)), .greeting, at: now) }
        send(RedisCommand("CLIENT", "SETNAME", "sessionctl"), .courtesy, at: now)
        for script in RedisScript.allCases {
            let isLast = script == RedisScript.allCases.last
            send(RedisCommand("SCRIPT", "LOAD", script.text), .script(isLast: isLast), at: now)
        }
    }

    /// Gives up the connection, and tries again a little later.
    ///
    /// What was sent and not answered is sent again, in front of everything else.
    private func part(_ reason: String, at now: Instant) {
        connection = nil
        watchesWriting = false
        var again: [RedisCall] = []
        for entry in sent.takeAll() {
            guard case .call(var call) = entry.purpose else { continue }
            call.isAgain = true
            again.append(call)
        }
        waiting.prepend(again)
        if case .ready = phase { failures = 0 } else { failures += 1 }
        shared.health = .down(reason)
        phase = .apart(until: places.isEmpty ? now + pause() : now)
    }

    /// Doubles from one attempt to the next, with some chance in it, so that servers do not return all at once.
    private func pause() -> Duration {
        let longest = options.pauseMax.nanoseconds
        let doubled = (longest / 20) << min(failures, 5)
        return .nanoseconds(Int64.random(in: min(doubled, longest) / 2...min(doubled, longest), using: &random))
    }
}

/// Commands and replies.
extension RedisWorker {
    private func send(_ command: RedisCommand, _ purpose: RedisSent.Purpose, at now: Instant) {
        var bytes: [UInt8] = []
        command.write(to: &bytes)
        sent.append(RedisSent(purpose: purpose, time: now))
        transmit(bytes, at: now)
    }

    private func transmit(_ bytes: [UInt8], at now: Instant) {
        guard let connection else { return }
        do throws(RedisConnection.Failure) {
            try connection.send(bytes)
        } catch {
            part(error.reason, at: now)
        }
    }

    /// Sends everything that waits, in one write.
    private func sendCalls(at now: Instant) {
        var bytes: [UInt8] = []
        while sent.count < Self.sentMax, let call = waiting.popFirst() {
            latest = max(latest ?? call.work.call.time, call.work.call.time)
            let digest = digests[RedisRequest.script(call.work.call.request).rawValue]
            write(call, RedisCommand("EVALSHA", digest), to: &bytes)
            sent.append(RedisSent(purpose: .call(call), time: now))
        }
        if !bytes.isEmpty { transmit(bytes, at: now) }
    }

    private func write(_ call: RedisCall, _ beginning: RedisCommand, to bytes: inout [UInt8]) {
        var command = beginning
        RedisRequest.append(call.work.call, isAgain: call.isAgain, to: &command)
        command.write(to: &bytes)
    }

    private func receive(_ reply: RedisReply, at now: Instant) {
        switch sent.popFirst()?.purpose {
        case .call(let call): receive(reply, for: call, at: now)
        case .greeting: if case .error(let text) = reply { refuseGreeting(text, at: now) }
        case .script(let isLast): receiveScript(reply, isLast: isLast, at: now)
        case .probe:
            switch reply {
            case .error(let text): shared.health = .down("Redis refuses writes: \(text)")
            default: shared.health = .up
            }
        case .courtesy, .sweep, nil: break
        }
    }

    private func receiveScript(_ reply: RedisReply, isLast: Bool, at now: Instant) {
        switch reply {
        case .error(let text): refuseGreeting(text, at: now)
        default: digests.append(reply.text ?? "")
        }
        guard isLast, digests.count == RedisScript.allCases.count, case .greeting = phase else { return }
        phase = .ready
        failures = 0
        places = []
        shared.health = .up
    }

    /// Redis does not take us: the password is wrong, it is loading its data, or a right is missing.
    private func refuseGreeting(_ text: String, at now: Instant) {
        guard case .greeting = phase else { return }
        part("\(address.publicDescription) refuses us: \(text)", at: now)
    }

    private func receive(_ reply: RedisReply, for call: RedisCall, at now: Instant) {
        let request = call.work.call.request
        guard case .error(let text) = reply else {
            if let answer = RedisRequest.reply(to: request, reply, isAgain: call.isAgain) {
                replies.append((call.work, answer))
            } else {
                refuse(call, "Redis gave an answer that its script does not give")
            }
            return
        }
        if text.hasPrefix("NOSCRIPT") {
            // Somebody emptied Redis' script cache: the whole script is sent, which fills it again.
            var bytes: [UInt8] = []
            write(call, RedisCommand("EVAL", RedisRequest.script(request).text), to: &bytes)
            sent.append(RedisSent(purpose: .call(call), time: now))
            transmit(bytes, at: now)
        } else {
            shared.health = .down("Redis refuses requests: \(text)")
            nextProbe = now + Self.probeInterval
            refuse(call, "Redis refuses the request: \(text)")
        }
    }
}
