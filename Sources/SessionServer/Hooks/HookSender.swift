import SessionBase
import SessionClient
import SessionCodec
package import SessionCore
import SessionCrypto
package import SessionIO
import SessionStorage
import Synchronization

/// Calls the operator's endpoint, one call after the other in the order in which they were made.
///
/// One thread does, while there are calls; no loop ever waits for it. A call that gets no answer, 5xx, 408 or 429 is tried
/// again after a pause, for as long as the configuration's patience lasts, and those behind it wait; every other status is
/// an answer. Calls whose reply somebody waits for go before those that only tell something. Where too many of a sort wait,
/// new ones are dropped and counted.
package final class HookSender: Sendable {
    /// Gets what became of a call that has a ticket: the loop that made it, the ticket, and the reply.
    package typealias Listener = @Sendable (Int, UInt64, HookReply) -> Void

    /// How many calls of a sort may wait.
    package static let waitingMax = 4096
    /// What an answer may hold; nobody reads it.
    private static let answerBytesMax = 64 * 1024
    /// How long the calls that wait are still made when the server stops.
    package static let farewell: Duration = .seconds(1)

    private struct Job {
        let call: HookCall
        let loop: Int
        let madeAt: Instant
        /// What an endpoint may tell repetitions by.
        let delivery: String
    }

    private struct State {
        var configuration: HookConfiguration?
        /// Calls whose reply somebody waits for.
        var asking = FIFO<Job>()
        /// The others.
        var telling = FIFO<Job>()
        var isRunning = false
        /// When the last attempts end; `nil` while the server runs.
        var endsAt: Instant?
        var counters = HookCounters()
    }

    private let state: Mutex<State>
    /// Rung when the thread has nothing more to do.
    private let idle: Waker
    /// Rung when a pause, or an attempt, is to end.
    private let interruption: Waker
    private let log: Access.LogWriter
    private let listener: Listener

    /// Prepares; nothing is called yet.
    package init(
        _ configuration: HookConfiguration?, log: @escaping Access.LogWriter, listener: @escaping Listener
    ) throws(SystemError) {
        idle = try Waker()
        interruption = try Waker()
        state = Mutex(State(configuration: configuration))
        self.log = log
        self.listener = listener
    }

    /// Puts another configuration in force, for what was not called yet.
    package func reload(_ configuration: HookConfiguration?) { state.withLock { $0.configuration = configuration } }

    /// What has become of calls so far.
    package var counters: HookCounters {
        state.withLock { state in
            var counters = state.counters
            counters.waiting = state.asking.count + state.telling.count + (state.isRunning ? 1 : 0)
            return counters
        }
    }

    /// Has a call made on behalf of a loop.
    package func call(_ call: HookCall, from loop: Int) {
        let delivery = SecureRandom.bytes(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let job = Job(call: call, loop: loop, madeAt: SystemClock.now(), delivery: delivery)
        let (isTaken, needsThread) = state.withLock { state -> (Bool, Bool) in
            let isWanted = state.configuration != nil && state.endsAt == nil
            let waiting = call.ticket == nil ? state.telling.count : state.asking.count
            guard isWanted, waiting < Self.waitingMax else {
                state.counters.dropped += 1
                return (false, false)
            }
            if call.ticket == nil { state.telling.append(job) } else { state.asking.append(job) }
            defer { state.isRunning = true }
            return (true, !state.isRunning)
        }
        guard isTaken else { return reply(.unavailable("too many calls wait for the endpoint"), to: job) }
        if needsThread { startThread() }
    }

    /// Makes the calls that wait, for at most so long, and then no more.
    package func stop(within farewell: Duration = HookSender.farewell) {
        let end = SystemClock.now() + farewell
        let isRunning = state.withLock { state in
            state.endsAt = end
            return state.isRunning
        }
        guard isRunning else { return }
        interruption.wake()
        wait(for: idle, until: end)
        interruption.wake()
    }

    // MARK: Calling

    private func startThread() {
        do throws(SystemError) {
            let thread = try SystemThread(name: "hooks") { [self] in work() }
            thread.detach()
        } catch {
            log(.error, "cannot call the operator's endpoint: \(error)")
            while let (job, _) = next() { finish(job, .unavailable("no thread could be started")) }
        }
    }

    private func work() {
        var client: (HTTPClient, HookConfiguration)?
        while let (job, configuration) = next() {
            guard let configuration else {
                finish(job, .unavailable("no endpoint is configured any more"))
                continue
            }
            if client?.1 != configuration { client = (makeClient(configuration), configuration) }
            guard let (client, _) = client else { preconditionFailure("a client was made just now") }
            deliver(job, configuration, client)
        }
        idle.wake()
    }

    private func makeClient(_ configuration: HookConfiguration) -> HTTPClient {
        var http = HTTPConfiguration(endpoint: configuration.endpoint)
        http.timeout = configuration.attemptTimeout
        http.bodyBytesMax = Self.answerBytesMax
        http.fields = ["Content-Type": "application/json", "User-Agent": "sessionctl"]
        return HTTPClient(http)
    }

    private func next() -> (Job, HookConfiguration?)? {
        state.withLock { state in
            guard let job = state.asking.popFirst() ?? state.telling.popFirst() else {
                state.isRunning = false
                return nil
            }
            return (job, state.configuration)
        }
    }

    /// Tries a call until it is answered or it is too late.
    private func deliver(_ job: Job, _ configuration: HookConfiguration, _ client: HTTPClient) {
        var pause = configuration.firstPause
        while true {
            let reply = attempt(job, configuration, client)
            guard case .unavailable = reply else { return finish(job, reply) }
            let resumesAt = SystemClock.now() + pause
            guard resumesAt < end(of: job, configuration) else { return finish(job, reply) }
            wait(for: interruption, until: resumesAt)
            guard SystemClock.now() < end(of: job, configuration) else { return finish(job, reply) }
            state.withLock { $0.counters.retries += 1 }
            pause = min(pause * 2, configuration.pauseMax)
        }
    }

    /// When a call is given up.
    private func end(of job: Job, _ configuration: HookConfiguration) -> Instant {
        min(job.madeAt + configuration.patience, state.withLock { $0.endsAt } ?? .distantFuture)
    }

    private func attempt(_ job: Job, _ configuration: HookConfiguration, _ client: HTTPClient) -> HookReply {
        var fields: HTTPFields = ["X-Sessionctl-Event": job.call.event, "X-Sessionctl-Delivery": job.delivery]
        if let signature = configuration.signature(of: job.call.body) {
            fields.append("X-Sessionctl-Signature", signature)
        }
        let response: HTTPResponse
        do {
            response = try client.send("POST", configuration.endpoint.target, fields: fields, body: job.call.body)
        } catch {
            return .unavailable("\(error)")
        }
        switch response.status.rawValue {
        case 200..<300: return .accepted
        case 408, 429, 500...: return .unavailable("it answers with status \(response.status.rawValue)")
        case let status: return .refused(status: status)
        }
    }

    private func finish(_ job: Job, _ reply: HookReply) {
        state.withLock { state in
            switch reply {
            case .accepted: state.counters.accepted += 1
            case .refused: state.counters.refused += 1
            case .unavailable: state.counters.failed += 1
            }
        }
        switch reply {
        case .accepted: break
        case .refused(let status): log(.warn, "the hook refused \(job.call.event) with status \(status)")
        case .unavailable(let reason): log(.warn, "the hook was not told of \(job.call.event): \(reason)")
        }
        self.reply(reply, to: job)
    }

    private func reply(_ reply: HookReply, to job: Job) {
        if let ticket = job.call.ticket { listener(job.loop, ticket, reply) }
    }

    /// Waits until a bell rings, or until `deadline`.
    private func wait(for bell: Waker, until deadline: Instant) {
        do throws(SystemError) {
            var poller = try Poller()
            try poller.add(bell.descriptor, token: 0, .readable)
            var now = SystemClock.now()
            while now < deadline {
                if try poller.wait(until: deadline, now: now) > 0 { return bell.acknowledge() }
                now = SystemClock.now()
            }
        } catch {
            log(.error, "cannot wait for the operator's endpoint: \(error)")
        }
    }
}
