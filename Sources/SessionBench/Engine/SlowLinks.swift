import SessionBase
import SessionIO

/// The connections that read slowly.
struct SlowLinks {
    /// What stands before the reason where one of them ended before the run did.
    static let endPrefix = "slow "

    private let readers: SlowReaders
    private let share: WorkerShare
    /// The kernel must not read much in their place.
    static let receiveBufferBytes: Int32 = 4096
    /// What each may read now, in bytes.
    private var allowance = 0.0
    private var refilledAt: Instant
    /// The slow ones that are open.
    private(set) var links: [Int] = []

    init(_ readers: SlowReaders, _ share: WorkerShare, at now: Instant) {
        self.readers = readers
        self.share = share
        refilledAt = now
    }

    /// Whether a connection is slow: the wanted part of them, spread evenly over the run.
    func isSlow(_ link: Int) -> Bool {
        link < share.connections && Self.isAmong(readers.fraction, share.globalNumber(link))
    }

    /// Whether a number is among a part of all, which are spread evenly.
    static func isAmong(_ part: Double, _ number: Int) -> Bool {
        let number = Double(number)
        return ((number + 1) * part).rounded(.down) > (number * part).rounded(.down)
    }

    /// Records a slow connection that was opened.
    mutating func didOpen(_ link: Int) { links.append(link) }

    /// How many bytes each slow connection may read now.
    mutating func takeAllowance(at now: Instant) -> Int {
        allowance += Double(readers.bytesPerSecond) * ((now - refilledAt) / .seconds(1))
        refilledAt = now
        let whole = Int(allowance)
        allowance -= Double(whole)
        return whole
    }
}

extension WorkerLoop where Work: ~Copyable {
    /// Lets a connection that just opened read slowly, where it is one of those.
    mutating func slowDown(_ link: Int) {
        guard let isSlow = slow?.isSlow(link), isSlow else { return }
        slow?.didOpen(link)
        links[link].isSlow = true
        links[link].isHeldBack = true
        Socket.setReceiveBuffer(links[link].descriptor, bytes: SlowLinks.receiveBufferBytes)
        watch(link, [.writable, .edge])
    }

    /// The addresses of the slow connections that are open; of one that was lost meanwhile there is none.
    var slowAddresses: [String] {
        (slow?.links ?? []).compactMap { link in
            guard links[link].descriptor >= 0 else { return nil }
            return try? Socket.localAddress(links[link].descriptor).description
        }
    }

    /// Reads what slow connections may have.
    mutating func readSlowLinks() {
        guard let allowance = slow?.takeAllowance(at: now), allowance > 0 else { return }
        for link in slow?.links ?? [] where links[link].isHeldBack && links[link].descriptor >= 0 {
            readOnce(link, bytesMax: allowance)
        }
    }

    /// Lets the slow connections read all, so that the end of a run finds out what is really lost.
    mutating func hurrySlowLinks() {
        for link in slow?.links ?? [] where links[link].descriptor >= 0 {
            links[link].isHeldBack = false
            watch(link, [.readable, .writable, .edge])
        }
    }

    private mutating func watch(_ link: Int, _ interest: Poller.Interest) {
        do {
            try poller.modify(links[link].descriptor, token: links[link].token(of: link), interest)
        } catch {
            end(link, "reset")
        }
    }
}
