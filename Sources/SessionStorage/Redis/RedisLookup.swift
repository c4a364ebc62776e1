import SessionBase
import SessionCrypto
import SessionIO
import Synchronization

/// Reads values that others keep in Redis, one key at a time: one thread, one connection, made again when it is lost.
///
/// Each question has a deadline, before which it waits for a connection. Nothing is ever written.
package final class RedisLookup: Sendable {
    /// What was found.
    package enum Found: Equatable, Sendable {
        /// The value of the key.
        case value([UInt8])
        /// There is no such key.
        case nothing
        /// Nobody can say now, for this reason, which repeats no key.
        case unavailable(String)
    }

    /// What is done with it, on whatever thread brings it.
    package typealias Continuation = @Sendable (Found) -> Void

    struct Question: Sendable {
        var key: [UInt8]
        var deadline: Instant
        var then: Continuation
    }

    enum Order: Sendable {
        case ask(Question)
        case stop
    }

    /// How long a question waits for its answer.
    package static let patience = Duration.seconds(5)
    /// How many may wait; more are unavailable at once.
    private static let waitingMax = 10_000

    private struct State {
        var isOpen = true
        var waiting = 0
    }

    private let queue: WorkQueue<Order>
    private let thread = WorkThread()
    private let state = Mutex(State())
    private let patience: Duration

    /// Begins to connect.
    ///
    /// - Parameter patience: How long a question waits for its answer.
    /// - Throws: ``StorageError`` where TLS cannot be set up or no thread started. A server that does not answer is none.
    package init(_ address: RedisAddress, patience: Duration = RedisLookup.patience) throws(StorageError) {
        self.patience = patience
        queue = try WorkQueue()
        let worker = try RedisLookupWorker(address, try RedisEngine.tls(address), queue)
        try thread.start("lookup-redis", worker.run)
    }

    /// Asks for the value of a key.
    ///
    /// - Parameter then: Called once, on any thread, perhaps before this returns.
    package func get(_ key: [UInt8], then: @escaping Continuation) {
        let refusal = state.withLock { state -> String? in
            guard state.isOpen else { return "the look-up is stopped" }
            guard state.waiting < Self.waitingMax else { return "too many wait for Redis" }
            state.waiting += 1
            // Inside of the lock, so that `stop` comes behind everything that was taken.
            let question = Question(key: key, deadline: SystemClock.now() + patience) { [self] found in
                self.state.withLock { $0.waiting -= 1 }
                then(found)
            }
            queue.post(.ask(question))
            return nil
        }
        if let refusal { then(.unavailable(refusal)) }
    }

    /// Ends the thread; what waits is unavailable.
    package func stop() {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            if state.isOpen { queue.post(.stop) }
            return state.isOpen
        }
        if wasOpen { thread.join() }
    }
}

/// The thread of a ``RedisLookup``: sends `GET`s, pairs replies with questions, and connects again.
///
/// `apart` (until a time) → `connecting` → `greeting` → `ready`; from each of the last three back to `apart`.
final class RedisLookupWorker: @unchecked Sendable {
    // Unchecked, because only its thread uses what follows once it runs, and starting a thread orders what was before.

    private enum Phase {
        case apart(until: Instant)
        case connecting(deadline: Instant)
        case greeting(deadline: Instant, expected: Int)
        case ready
    }

    /// How long Redis may take to accept a connection and to greet.
    private static let greetingTimeout = Duration.seconds(5)
    /// The longest pause between two attempts to connect.
    private static let pauseMax = Duration.seconds(1)
    private static let pauseMin = Duration.milliseconds(50)
    private static let mailToken = UInt64.max

    private let queue: WorkQueue<RedisLookup.Order>
    private let place: RedisPlace
    private var poller: Poller
    private var phase: Phase
    private var connection: RedisConnection?
    private var watchesWriting = false
    private var failures = 0
    private var trouble: String
    private var waiting = FIFO<RedisLookup.Question>()
    private var sent = FIFO<RedisLookup.Question>()
    private var isStopped = false

    /// Prepares to speak to a server.
    init(
        _ address: RedisAddress, _ tls: TLSContext?, _ queue: WorkQueue<RedisLookup.Order>
    ) throws(StorageError) {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(queue.descriptor, token: Self.mailToken, .readable)
            self.poller = poller
        } catch {
            throw StorageError("\(error)")
        }
        self.queue = queue
        place = RedisPlace(address, tls)
        trouble = "connecting to \(place.name)"
        phase = .apart(until: SystemClock.now())
    }

    /// The thread's body.
    func run() {
        while true {
            takeOrders()
            let now = SystemClock.now()
            if isStopped { return end() }
            act(at: now)
            watch(at: now)
            wait()
        }
    }

    private func takeOrders() {
        for order in queue.takeAll() {
            switch order {
            case .ask(let question): waiting.append(question)
            case .stop: isStopped = true
            }
        }
    }

    private func end() {
        connection = nil
        for question in sent.takeAll() + waiting.takeAll() { question.then(.unavailable("the look-up is stopped")) }
    }

    // MARK: Time

    private func act(at now: Instant) {
        while let first = waiting.first, now >= first.deadline {
            _ = waiting.popFirst()
            first.then(.unavailable(trouble))
        }
        switch phase {
        case .apart(let until): if now >= until { connect(at: now) }
        case .connecting(let deadline), .greeting(let deadline, _):
            if now >= deadline { part("\(place.name) does not answer", at: now) }
        case .ready:
            // Replies come in order: where the first is late, nothing behind it comes in time either.
            if let first = sent.first, now >= first.deadline { part("\(place.name) takes too long to answer", at: now) }
        }
        if case .ready = phase { sendAll(at: now) }
    }

    private var nextDeadline: Instant {
        var deadline = Instant.distantFuture
        switch phase {
        case .apart(let until), .connecting(let until), .greeting(let until, _): deadline = until
        case .ready: break
        }
        if let first = sent.first { deadline = min(deadline, first.deadline) }
        if let first = waiting.first { deadline = min(deadline, first.deadline) }
        return deadline
    }

    private func wait() {
        let deadline = nextDeadline
        do throws(SystemError) {
            let count = try poller.wait(
                until: deadline == .distantFuture ? nil : deadline, now: SystemClock.now())
            let now = SystemClock.now()
            for event in 0..<count where poller.token(at: event) != Self.mailToken {
                handle(poller.readiness(at: event), at: now)
            }
        } catch {
            part("\(error)", at: SystemClock.now())
        }
    }

    // MARK: Connecting

    private func connect(at now: Instant) {
        do {
            let connection = try RedisConnection(try place.nextAddress(at: now), try place.secureSession())
            try poller.add(connection.descriptor, token: 0, [.readable, .writable])
            watchesWriting = true
            self.connection = connection
            phase = .connecting(deadline: now + Self.greetingTimeout)
        } catch let error as RedisConnection.Failure {
            part(error.reason, at: now)
        } catch {
            part("\(error)", at: now)
        }
    }

    private func watch(at now: Instant) {
        guard let connection, connection.wantsToWrite != watchesWriting else { return }
        watchesWriting = connection.wantsToWrite
        do throws(SystemError) {
            try poller.modify(connection.descriptor, token: 0, watchesWriting ? [.readable, .writable] : .readable)
        } catch {
            part("\(error)", at: now)
        }
    }

    private func handle(_ readiness: Poller.Readiness, at now: Instant) {
        guard let connection else { return }
        do throws(RedisConnection.Failure) {
            let wasOpen = connection.isOpen
            if readiness.isWritable || !wasOpen { try connection.becameWritable() }
            if readiness.isReadable { try connection.becameReadable { receive($0, at: now) } }
            if !wasOpen, connection.isOpen { try greet(connection, at: now) }
        } catch {
            part(error.reason, at: now)
        }
    }

    private func greet(_ connection: RedisConnection, at now: Instant) throws(RedisConnection.Failure) {
        let greeting = place.greeting
        guard !greeting.isEmpty else {
            (phase, failures) = (.ready, 0)
            return
        }
        var bytes: [UInt8] = []
        for command in greeting { command.write(to: &bytes) }
        phase = .greeting(deadline: now + Self.greetingTimeout, expected: greeting.count)
        try connection.send(bytes)
    }

    /// Gives the connection up, and tries again a little later; what was sent and not answered is asked again.
    private func part(_ reason: String, at now: Instant) {
        connection = nil
        trouble = reason
        waiting.prepend(sent.takeAll())
        let pause = min(Self.pauseMin * (1 << min(failures, 5)), Self.pauseMax)
        failures += 1
        phase = .apart(until: now + pause)
    }

    // MARK: Asking

    private func sendAll(at now: Instant) {
        guard let connection, !waiting.isEmpty else { return }
        var bytes: [UInt8] = []
        while let question = waiting.popFirst() {
            var command = RedisCommand("GET")
            command.append(question.key)
            command.write(to: &bytes)
            sent.append(question)
        }
        do throws(RedisConnection.Failure) { try connection.send(bytes) } catch { part(error.reason, at: now) }
    }

    private func receive(_ reply: RedisReply, at now: Instant) {
        switch phase {
        case .greeting(let deadline, let expected):
            if case .error(let text) = reply { return part("\(place.name) refuses us: \(text)", at: now) }
            if expected > 1 {
                phase = .greeting(deadline: deadline, expected: expected - 1)
            } else {
                (phase, failures) = (.ready, 0)
            }
        case .ready:
            guard let question = sent.popFirst() else { return }
            switch reply {
            case .bytes(let value): question.then(.value(value))
            case .nothing: question.then(.nothing)
            case .error(let text):
                // The rest may repeat what was asked, and that is a secret.
                question.then(.unavailable("Redis answers \(text.prefix { $0 != " " })"))
            case .status, .integer, .array:
                question.then(.unavailable("Redis answers with something else than a value"))
            }
        case .apart, .connecting: break
        }
    }
}
