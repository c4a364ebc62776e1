import SessionBase
import SessionCore
import SessionStorage

/// What loop 0 does for the node now and then.
struct Housekeeping {
    /// When the store is looked at next; `nil` where there is none.
    var storeCheckAt: Instant?
    /// What the log says of the store.
    var storeNews = StoreNews()
    /// When administrators' sockets are told next; `nil` while there is none.
    var adminUpdateAt: Instant?
    /// When the server may have been without a WebSocket for long enough to leave; `nil` where it never leaves.
    var idleCheckAt: Instant?

    /// How often the store is looked at.
    static let storeCheckInterval: Duration = .seconds(1)
    /// How often administrators' sockets get figures (PROTOCOLS §3.4, ADMIN_UPDATE).
    static let adminUpdateInterval: Duration = .seconds(5)

    /// The next instant at which there is something to do.
    var deadline: Instant { [storeCheckAt, adminUpdateAt, idleCheckAt].compactMap(\.self).min() ?? .distantFuture }
}

extension ServerLoop {
    /// Starts to look after the node; only loop 0 does.
    mutating func startHousekeeping() {
        if node.store != nil { housekeeping.storeCheckAt = moment.instant }
        housekeeping.idleCheckAt = configuration.timing.idleExit.map { moment.instant + $0 }
    }

    /// Does what is due.
    mutating func keepHouse() {
        countAdministrators()
        guard index == 0 else { return }
        planAdminUpdates()
        guard housekeeping.deadline <= moment.instant else { return }
        if let due = housekeeping.storeCheckAt, due <= moment.instant {
            watchStore()
            housekeeping.storeCheckAt = moment.instant + Housekeeping.storeCheckInterval
        }
        if let due = housekeeping.adminUpdateAt, due <= moment.instant {
            begin(.adminUpdate, for: nil)
            housekeeping.adminUpdateAt = moment.instant + Housekeeping.adminUpdateInterval
        }
        if let due = housekeeping.idleCheckAt, due <= moment.instant { leaveWhereIdle() }
    }

    /// Looks how the store is, and tells the operator where that has changed.
    private mutating func watchStore() {
        node.watchStore(at: moment.instant)
        guard let health = node.store?.health else { return }
        switch housekeeping.storeNews.note(health, at: moment.instant) {
        case .fails(let reason)?:
            log.write(
                .error, "the store cannot be used, so that what would change it is refused", at: moment.timestamp,
                ["reason": reason])
        case .works?: log.write(.info, "the store can be used again", at: moment.timestamp)
        case nil: break
        }
    }

    /// Ends the server where it has had no WebSocket for as long as the operator said (PROTOCOLS 3-21).
    private mutating func leaveWhereIdle() {
        guard let patience = configuration.timing.idleExit, drain.state == .serving else {
            housekeeping.idleCheckAt = nil
            return
        }
        // Whoever comes and goes before the next look is found then by when it went.
        let due = (node.idleSince ?? moment.instant) + patience
        housekeeping.idleCheckAt = due
        guard due <= moment.instant, node.changeDrainState(from: .serving, to: .closing) else { return }
        housekeeping.idleCheckAt = nil
        log.write(.info, "leaving: nobody was connected", at: moment.timestamp, ["for": "\(patience.milliseconds)ms"])
    }

    /// Tells the node how many administrators' sockets this loop has, where that has changed.
    private mutating func countAdministrators() {
        sync.informs = node.hasAdministrators
        let count = sync.adminCount
        guard count != administratorCount else { return }
        node.countAdministrators(count - administratorCount)
        administratorCount = count
    }

    /// Sends figures as long as somebody wants them, the first ones right away.
    private mutating func planAdminUpdates() {
        guard node.hasAdministrators else {
            housekeeping.adminUpdateAt = nil
            return
        }
        if housekeeping.adminUpdateAt == nil { housekeeping.adminUpdateAt = moment.instant }
    }
}
