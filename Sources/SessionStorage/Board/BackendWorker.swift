import SessionBase
import SessionClient
import SessionCore
import SessionIO

/// The thread that speaks to the backend, over several lines at once.
final class BackendWorker: @unchecked Sendable {
    // Unchecked, because only its thread uses what follows once it runs, and starting a thread orders what was before.

    private enum Token {
        static let mail = UInt64.max
        static let lookup = UInt64.max - 1
    }

    private let shared: BackendShared
    private var poller: Poller
    private var site: BackendSite
    private var names: BackendNames
    private var news: BackendNewsFilter
    private var lines: [BackendLine] = []
    /// What the poller watches of each line: its descriptor, and whether for room to write.
    private var watched: [(descriptor: Int32, writing: Bool)?] = []
    private var waiting = BackendQueue()
    private var answers: [BackendWorkAnswer] = []
    private var stopDeadline: Instant?

    /// Prepares to speak to a backend.
    init(
        _ site: BackendSite, _ shared: BackendShared, _ listener: @escaping BoardBackend.Listener
    ) throws(StorageError) {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(shared.queue.descriptor, token: Token.mail, .readable)
            self.poller = poller
        } catch {
            throw StorageError("\(error)")
        }
        self.site = site
        self.shared = shared
        names = BackendNames(site)
        news = BackendNewsFilter(listener)
    }

    /// The thread's body: ends when it is told to, and everything is answered.
    func run() {
        while true {
            takeOrders()
            let now = SystemClock.now()
            let isLast = stopDeadline.map { now >= $0 } ?? false
            if isLast { refuseAll() }
            for line in lines { line.act(at: now) }
            collect(at: now)
            beginWaiting(at: now)
            refuseLate(at: now)
            resolve(at: now)
            collect(at: now)
            for index in lines.indices { watch(index) }
            report()
            if stopDeadline != nil, waiting.isEmpty, lines.allSatisfy(\.isFree) { return lines.removeAll() }
            wait()
        }
    }

    private func takeOrders() {
        for order in shared.queue.takeAll() {
            switch order {
            case .work(let works): for work in works { waiting.append(work) }
            case .reload(let site):
                self.site = site
                names = BackendNames(site)
            case .stop(let deadline): stopDeadline = deadline
            }
        }
    }

    private func refuseAll() {
        let reason = "the board backend is stopped"
        for work in waiting.takeAll() { answers.append(BackendWorkAnswer(work: work, reply: .unavailable(reason))) }
        for line in lines where !line.isFree { line.abandon(reason) }
    }

    // MARK: Exchanges

    /// Begins what there are lines for, on those first that have a connection.
    private func beginWaiting(at now: Instant) {
        while !waiting.isEmpty, let line = freeLine(), let work = waiting.popFirst() {
            let wall = SystemClock.wallNanoseconds()
            line.begin(BackendExchange(work, site, wallNanoseconds: wall, at: now), at: now)
        }
    }

    /// Refuses what waited for a line for as long as an exchange may take: behind a backend that hangs nothing waits for long,
    /// and whoever asked decides what to do meanwhile.
    private func refuseLate(at now: Instant) {
        let timeout = site.configuration.timeout
        for work in waiting.takeAll(until: now - timeout) {
            let reply = BackendReply.unavailable(
                "the board backend was busy with others for \(timeout.milliseconds) ms")
            shared.count(reply, to: work.call.request, after: now - work.submittedAt)
            news.note(reply, at: now)
            answers.append(BackendWorkAnswer(work: work, reply: reply))
        }
    }

    private var hasFreeLine: Bool {
        let usable = lines.prefix(site.configuration.concurrency)
        return usable.count < site.configuration.concurrency || usable.contains(where: \.isFree)
    }

    private func freeLine() -> BackendLine? {
        let usable = lines.prefix(site.configuration.concurrency)
        if let line = usable.first(where: \.isKept) ?? usable.first(where: \.isFree) { return line }
        guard lines.count < site.configuration.concurrency else { return nil }
        lines.append(BackendLine())
        watched.append(nil)
        return lines.last
    }

    /// Gives addresses to the lines that wait for them, or has them looked up.
    private func resolve(at now: Instant) {
        guard lines.contains(where: \.needsAddresses) else { return }
        if lines.contains(where: \.distrustsAddresses) { names.forget() }
        switch names.addresses(at: now, watchedBy: poller, token: Token.lookup) {
        case .known(let addresses):
            for line in lines where line.needsAddresses { line.connect(to: addresses, at: now) }
        case .unknown(let reason): for line in lines where line.needsAddresses { line.abandon(reason) }
        case .sought: break
        }
    }

    /// Answers what has ended.
    private func collect(at now: Instant) {
        for line in lines {
            guard let (exchange, outcome) = line.takeEnded(at: now) else { continue }
            let reply = reply(to: exchange, outcome)
            shared.count(reply, to: exchange.work.call.request, after: now - exchange.startedAt)
            news.note(reply, at: now)
            answers.append(BackendWorkAnswer(work: exchange.work, reply: reply, sentAt: exchange.sentAt))
        }
    }

    private func reply(to exchange: BackendExchange, _ outcome: BackendOutcome) -> BackendReply {
        switch outcome {
        case .failure(let reason): .unavailable(reason)
        case .response(let response, let isCut):
            BackendReply(
                response, to: exchange.work.call.request, isCut: isCut,
                bytesMax: exchange.site.configuration.responseBytesMax)
        }
    }

    /// Tells figures and replies; the figures first, so that whoever has a reply finds it counted.
    private func report() {
        shared.note(inFlight: lines.count { !$0.isFree }, waiting: waiting.count)
        guard !answers.isEmpty else { return }
        shared.answer(answers)
        answers.removeAll(keepingCapacity: answers.capacity <= 1024)
    }

    // MARK: Waiting

    private func wait() {
        var deadline = stopDeadline ?? .distantFuture
        // Lines that failed at once: what waits for one need not wait longer.
        if !waiting.isEmpty, hasFreeLine { deadline = .zero }
        if let oldest = waiting.oldest { deadline = min(deadline, oldest + site.configuration.timeout) }
        for line in lines { if let next = line.nextDeadline { deadline = min(deadline, next) } }
        do throws(SystemError) {
            let count = try poller.wait(until: deadline == .distantFuture ? nil : deadline, now: SystemClock.now())
            let now = SystemClock.now()
            for event in 0..<count {
                let token = poller.token(at: event)
                guard token < UInt64(lines.count) else { continue }
                lines[Int(token)].handle(poller.readiness(at: event), at: now)
            }
        } catch {
            // What cannot be watched cannot be used; the next attempt may fare better.
            for line in lines where !line.isFree { line.abandon(error.description) }
        }
    }

    /// Has the poller watch what a line waits for.
    private func watch(_ index: Int) {
        let line = lines[index]
        guard let descriptor = line.descriptor else {
            // The poller forgot the descriptor when it was closed.
            watched[index] = nil
            return
        }
        let writing = line.wantsToWrite
        do throws(SystemError) {
            if line.takeIsNew() {
                try poller.add(descriptor, token: UInt64(index), writing ? [.readable, .writable] : .readable)
            } else if watched[index]?.writing != writing {
                try poller.modify(descriptor, token: UInt64(index), writing ? [.readable, .writable] : .readable)
            }
            watched[index] = (descriptor, writing)
        } catch {
            line.abandon(error.description)
        }
    }
}
