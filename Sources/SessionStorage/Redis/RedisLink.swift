import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

/// One connection to Redis, over and over: sends what waits for it, pairs replies with calls, and connects again.
///
/// `apart` (until a time) → `connecting` → `greeting` → `ready`; from each of the last three back to `apart`.
/// Its worker owns it, tells it the time, and takes the ``replies``.
final class RedisLink {
    /// The most calls that are sent and not answered; more wait here.
    private static let sentMax = 1024
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

    private let server: RedisPlace
    private let options: RedisEngine.Options
    private var phase: Phase
    private var connection: RedisConnection?
    /// Whether the worker has not yet heard of the connection.
    private var isNew = false
    /// Attempts since the last one that led to a greeting.
    private var failures = 0
    private var random: SeededRandom
    /// The names under which Redis knows the scripts, by their numbers.
    private var digests: [String] = []
    private var waiting = FIFO<RedisCall>()
    private var sent = FIFO<RedisSent>()
    private var nextProbe = Instant.zero

    /// What Redis said about calls, for the worker to take.
    var replies: [StoreWork.Answered] = []
    /// How long Redis took for them, for the worker to take.
    var replyTimes: [Duration] = []
    /// Why calls cannot be carried out; `nil` where they can.
    private(set) var trouble: String?
    /// How often a connection was lost that had been ready, since the worker looked.
    var losses = 0

    /// Prepares a link, which connects when it first acts.
    init(_ server: RedisPlace, _ options: RedisEngine.Options, seed: UInt64, at now: Instant) {
        self.server = server
        self.options = options
        random = SeededRandom(seed: seed)
        trouble = "connecting to \(server.name)"
        phase = .apart(until: now)
    }

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { waiting.isEmpty && sent.isEmpty }

    /// Whether calls go out.
    var isReady: Bool { if case .ready = phase { true } else { false } }

    /// Adds a call.
    func add(_ work: StoreWork, at now: Instant) { waiting.append(RedisCall(work: work, since: now)) }

    /// Refuses everything that is left.
    func end() {
        connection = nil
        for call in waiting.takeAll() { refuse(call, "the store is stopped") }
        for entry in sent.takeAll() {
            if case .call(let call) = entry.purpose { refuse(call, "the store is stopped") }
        }
    }

    private func refuse(_ call: RedisCall, _ reason: String) { replies.append((call.work, .unavailable(reason))) }
}

/// Time.
extension RedisLink {
    /// When something has to be done at the latest, though nothing comes; `nil` for never.
    var nextDeadline: Instant? {
        var deadline = Instant.distantFuture
        switch phase {
        case .apart(let until), .connecting(let until), .greeting(let until): deadline = until
        case .ready: if trouble != nil { deadline = nextProbe }
        }
        if let first = sent.first { deadline = min(deadline, first.time + options.replyTimeout) }
        if let first = waiting.first { deadline = min(deadline, first.since + options.patience) }
        return deadline == .distantFuture ? nil : deadline
    }

    /// Does what the time has come for, and sends what waits.
    ///
    /// - Parameter isLast: Whether nothing is waited for any longer.
    func act(at now: Instant, isLast: Bool) {
        while let first = waiting.first, now >= first.since + options.patience || isLast {
            _ = waiting.popFirst()
            refuse(first, trouble ?? "Redis took too long")
        }
        switch phase {
        case .apart(let until): if now >= until { connect(at: now) }
        case .connecting(let deadline): if now >= deadline { part("\(server.name) does not answer", at: now) }
        case .greeting(let deadline): if now >= deadline { part("\(server.name) does not greet back", at: now) }
        case .ready: keepHouse(at: now)
        }
        if isReady { sendCalls(at: now) }
    }

    private func keepHouse(at now: Instant) {
        if let first = sent.first, now >= first.time + options.replyTimeout {
            return part("\(server.name) takes more than \(options.replyTimeout) to answer", at: now)
        }
        if trouble != nil, now >= nextProbe {
            nextProbe = now + Self.probeInterval
            send(RedisCommand("SET", RedisRequest.prefix + "probe", "1", "PX", "60000"), .probe, at: now)
        }
    }

    /// Removes what was over at `time`, up to `names` documents of each collection.
    func sweep(_ time: Timestamp, names: Int, at now: Instant) {
        guard isReady else { return }
        for collection in DocumentCollection.allCases {
            send(
                RedisCommand(
                    "EVALSHA", digests[RedisScript.sweep.rawValue], "1", RedisRequest.keys(collection),
                    String(time.milliseconds), String(names)), .sweep, at: now)
        }
    }
}

/// Connecting.
extension RedisLink {
    /// What the worker's poller watches; `nil` where there is no connection.
    var descriptor: Int32? { connection?.descriptor }

    /// Whether room to write matters.
    var wantsToWrite: Bool { connection?.wantsToWrite ?? false }

    /// Whether this is the first question about a connection: descriptors are numbers that come again.
    func takeIsNew() -> Bool {
        defer { isNew = false }
        return isNew
    }

    private func connect(at now: Instant) {
        do throws(RedisConnection.Failure) {
            connection = try RedisConnection(try server.nextAddress(at: now), try server.secureSession())
            isNew = true
            phase = .connecting(deadline: now + options.replyTimeout)
        } catch {
            part(error.reason, at: now)
        }
    }

    /// Goes on where the socket is ready for something.
    func handle(_ readiness: Poller.Readiness, at now: Instant) {
        guard let connection else { return }
        do throws(RedisConnection.Failure) {
            let wasOpen = connection.isOpen
            if readiness.isWritable || !wasOpen { try connection.becameWritable() }
            if readiness.isReadable { try connection.becameReadable { receive($0, at: now) } }
            if !wasOpen, connection.isOpen { greet(at: now) }
        } catch {
            part(error.reason, at: now)
        }
    }

    /// Says who we are, and gives Redis the scripts.
    private func greet(at now: Instant) {
        phase = .greeting(deadline: now + options.replyTimeout)
        digests = []
        for command in server.greeting { send(command, .greeting, at: now) }
        send(RedisCommand("CLIENT", "SETNAME", "sessionctl"), .courtesy, at: now)
        for script in RedisScript.allCases {
            let isLast = script == RedisScript.allCases.last
            send(RedisCommand("SCRIPT", "LOAD", script.text), .script(isLast: isLast), at: now)
        }
    }

    /// Gives up the connection, and tries again a little later.
    ///
    /// What was sent and not answered is sent again, in front of everything else.
    func part(_ reason: String, at now: Instant) {
        // What is still on its way must not arrive behind what the next connection brings.
        if let descriptor { Socket.resetOnClose(descriptor) }
        connection = nil
        var again: [RedisCall] = []
        for entry in sent.takeAll() {
            guard case .call(var call) = entry.purpose else { continue }
            call.isAgain = true
            again.append(call)
        }
        waiting.prepend(again)
        if isReady { losses += 1 }
        failures = isReady ? 0 : failures + 1
        trouble = reason
        phase = .apart(until: now + pause())
    }

    /// Doubles from one attempt to the next, with some chance in it, so that servers do not return all at once.
    private func pause() -> Duration {
        let longest = options.pauseMax.nanoseconds
        let doubled = min((longest / 20) << min(failures, 5), longest)
        return .nanoseconds(Int64.random(in: doubled / 2...doubled, using: &random))
    }
}

/// Commands and replies.
extension RedisLink {
    private func send(_ command: RedisCommand, _ purpose: RedisSent.Purpose, at now: Instant) {
        // One of several commands in a row may have found the connection gone; what is not sent gets no reply.
        guard connection != nil else { return }
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
        guard let entry = sent.popFirst() else { return }
        switch entry.purpose {
        case .call(let call):
            replyTimes.append(now - entry.time)
            receive(reply, for: call, at: now)
        case .greeting: if case .error(let text) = reply { refuseGreeting(text, at: now) }
        case .script(let isLast): receiveScript(reply, isLast: isLast, at: now)
        case .probe:
            if case .error(let text) = reply { trouble = "Redis refuses writes: \(text)" } else { trouble = nil }
        case .courtesy, .sweep: break
        }
    }

    private func receiveScript(_ reply: RedisReply, isLast: Bool, at now: Instant) {
        if case .error(let text) = reply { return refuseGreeting(text, at: now) }
        digests.append(reply.text ?? "")
        guard isLast, digests.count == RedisScript.allCases.count, case .greeting = phase else { return }
        phase = .ready
        failures = 0
        trouble = nil
    }

    /// Redis does not take us: the password is wrong, it is loading its data, or a right is missing.
    private func refuseGreeting(_ text: String, at now: Instant) {
        guard case .greeting = phase else { return }
        part("\(server.name) refuses us: \(text)", at: now)
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
            trouble = "Redis refuses requests: \(text)"
            nextProbe = now + Self.probeInterval
            refuse(call, "Redis refuses the request: \(text)")
        }
    }
}
