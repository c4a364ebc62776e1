import SessionBase
import SessionCore

/// What loop 0 does for the node now and then.
struct Housekeeping {
    /// When the store is looked at next; `nil` where there is none.
    var storeCheckAt: Instant?
    /// When administrators' sockets are told next; `nil` while there is none.
    var adminUpdateAt: Instant?

    /// How often the store is looked at.
    static let storeCheckInterval: Duration = .seconds(1)
    /// How often administrators' sockets get figures (PROTOCOLS §3.4, ADMIN_UPDATE).
    static let adminUpdateInterval: Duration = .seconds(5)

    /// The next instant at which there is something to do.
    var deadline: Instant { min(storeCheckAt ?? .distantFuture, adminUpdateAt ?? .distantFuture) }
}

extension ServerLoop {
    /// Starts to look after the node; only loop 0 does.
    mutating func startHousekeeping() {
        if node.store != nil { housekeeping.storeCheckAt = moment.instant }
    }

    /// Does what is due.
    mutating func keepHouse() {
        countAdministrators()
        guard index == 0 else { return }
        planAdminUpdates()
        guard housekeeping.deadline <= moment.instant else { return }
        if let due = housekeeping.storeCheckAt, due <= moment.instant {
            node.watchStore(at: moment.instant)
            housekeeping.storeCheckAt = moment.instant + Housekeeping.storeCheckInterval
        }
        if let due = housekeeping.adminUpdateAt, due <= moment.instant {
            begin(.adminUpdate, for: nil)
            housekeeping.adminUpdateAt = moment.instant + Housekeeping.adminUpdateInterval
        }
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
