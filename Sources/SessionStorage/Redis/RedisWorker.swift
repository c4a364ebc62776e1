import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

/// The thread that speaks to Redis, over several links at once.
///
/// Several, because Redis reads 16 KiB of a connection before it looks at the next one, and with `appendfsync always`
/// calls fsync after each such round: what comes over one connection would wait for as many fsyncs as it fills rounds.
/// All calls about a document take the same link, and stay in order.
final class RedisWorker: @unchecked Sendable {
    // Unchecked, because only its thread uses what follows once it runs, and starting a thread orders what was before.

    /// How often what is over is looked for, and how much of it is removed at once from each collection.
    private static let sweepInterval = Duration.seconds(10)
    private static let sweepNames = 200

    private let shared: RedisShared
    private let options: RedisEngine.Options
    private var poller: Poller
    private let links: [RedisLink]
    /// What the poller watches of each link: its descriptor, and whether for room to write.
    private var watched: [(descriptor: Int32, writing: Bool)?]
    private var replies: [StoreWork.Answered] = []
    private var nextSweep: Instant
    /// The latest time of a call: what the sweep takes for the present.
    private var latest: Timestamp?
    private var stopDeadline: Instant?

    /// Prepares to speak to a server.
    init(
        _ address: RedisAddress, _ tls: TLSContext?, _ shared: RedisShared, _ options: RedisEngine.Options
    ) throws(StorageError) {
        do throws(SystemError) {
            let poller = try Poller()
            try poller.add(shared.queue.descriptor, token: UInt64.max, .readable)
            self.poller = poller
        } catch {
            throw StorageError("\(error)")
        }
        self.shared = shared
        self.options = options
        let now = SystemClock.now()
        let place = RedisPlace(address, tls)
        let seed = UInt64(bitPattern: SystemClock.wallNanoseconds())
        links = (0..<max(1, options.connections)).map { index in
            RedisLink(place, options, seed: seed &+ UInt64(index), at: now)
        }
        watched = links.map { _ in nil }
        nextSweep = now + Self.sweepInterval
    }

    /// The thread's body: ends when it is told to and everything is answered.
    func run() {
        while true {
            let now = SystemClock.now()
            takeOrders(at: now)
            let isLast = stopDeadline.map { now >= $0 } ?? false
            if now >= nextSweep { sweep(at: now) }
            for index in links.indices {
                links[index].act(at: now, isLast: isLast)
                watch(index, at: now)
            }
            report()
            if stopDeadline != nil, isLast || links.allSatisfy(\.isIdle) { return end() }
            wait()
        }
    }

    private func takeOrders(at now: Instant) {
        for order in shared.queue.takeAll() {
            switch order {
            case .work(let works):
                for work in works {
                    latest = max(latest ?? work.call.time, work.call.time)
                    links[link(of: work.call.request)].add(work, at: now)
                }
            case .stop: stopDeadline = now + options.replyTimeout
            }
        }
    }

    /// The link that a request takes: always the same one for a document.
    private func link(of request: StoreRequest) -> Int {
        let name: String
        switch request {
        case .read(let key, _), .remove(let key, _): name = key.name
        case .write(let write): name = write.key.name
        case .newest(_, let owner), .trim(_, let owner, _): name = owner
        case .list, .statistics: return 0
        }
        // FNV-1a: any even spread will do.
        let hash = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
        return Int(hash % UInt64(links.count))
    }

    private func sweep(at now: Instant) {
        nextSweep = now + Self.sweepInterval
        if let latest { links[0].sweep(latest, names: Self.sweepNames, at: now) }
    }

    private func wait() {
        let deadline = links.lazy.compactMap(\.nextDeadline).min().map { min($0, nextSweep) } ?? nextSweep
        let until = stopDeadline.map { min($0, deadline) } ?? deadline
        do throws(SystemError) {
            let count = try poller.wait(until: until, now: SystemClock.now())
            let now = SystemClock.now()
            for event in 0..<count {
                guard let index = Int(exactly: poller.token(at: event)), index < links.count else { continue }
                links[index].handle(poller.readiness(at: event), at: now)
            }
        } catch {
            // What cannot be watched cannot be used; the next attempt may fare better.
            for link in links { link.part("\(error)", at: SystemClock.now()) }
        }
    }

    /// Has the poller watch what a link waits for.
    private func watch(_ index: Int, at now: Instant) {
        guard let descriptor = links[index].descriptor else {
            // The poller forgot the descriptor when it was closed.
            watched[index] = nil
            return
        }
        let wanted = (descriptor: descriptor, writing: links[index].wantsToWrite)
        let interest: Poller.Interest = wanted.writing ? [.readable, .writable] : .readable
        do throws(SystemError) {
            if links[index].takeIsNew() {
                try poller.add(descriptor, token: UInt64(index), interest)
            } else if let present = watched[index], present.writing != wanted.writing {
                try poller.modify(descriptor, token: UInt64(index), interest)
            }
            watched[index] = wanted
        } catch {
            links[index].part("\(error)", at: now)
        }
    }

    /// Tells the askers what Redis said, and everybody how it is.
    private func report() {
        var commands = Histogram()
        var losses = 0
        for link in links {
            losses += link.losses
            link.losses = 0
            guard !link.replies.isEmpty else { continue }
            replies += link.replies
            link.replies.removeAll(keepingCapacity: true)
            for time in link.replyTimes { commands.record(time) }
            link.replyTimes.removeAll(keepingCapacity: true)
        }
        shared.report(
            trouble: links.lazy.compactMap(\.trouble).first, losses: losses, commands: replies.isEmpty ? nil : commands)
        shared.answer(replies)
        replies.removeAll(keepingCapacity: true)
    }

    private func end() {
        for link in links { link.end() }
        report()
    }
}
