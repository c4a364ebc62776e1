package import SessionBase
package import SessionCodec

/// What a board machine has done since it started: plain sums, of which those of several loops add up.
package struct BoardCounters: Equatable, MachineCounters {
    /// Messages and refusals.
    package var messages = MessageCounters<BoardClientKind, BoardServerKind, BoardErrorCode>()
    /// The most connections that there were at once.
    package internal(set) var peakConnections = 0
    /// Messages that were refused because of a limit of rate.
    package internal(set) var rateLimited = 0
    /// Messages of members in seed mode that were dropped, for any reason (PROTOCOLS 3-3).
    package internal(set) var dropped = 0
    /// Shapes that were refused because the board was full (PROTOCOLS 3-25).
    package internal(set) var roomFull = 0
    /// Batches of changes that became durable.
    package internal(set) var commits = 0
    /// Changes in these.
    package internal(set) var changes = 0
    /// Batches that the embedded store did not take.
    package internal(set) var commitFailures = 0
    /// How long these took, from the message that began the batch to its broadcast.
    package internal(set) var commitTime = Histogram()
    /// Connections that were refused because the node has as many rooms as it may (PROTOCOLS 3-21).
    package internal(set) var roomsRefused = 0
    /// Boards that were loaded.
    package internal(set) var loads = 0
    /// Boards that could not be loaded, after all retries.
    package internal(set) var loadFailures = 0
    /// Boards that were stored.
    package internal(set) var stores = 0
    /// Boards whose store failed.
    package internal(set) var storeFailures = 0
    /// Of these, those that the backend refused with a status that does not go away (an alarm).
    package internal(set) var storeRefusals = 0
    /// Stores that found a newer version in the backend.
    package internal(set) var storeConflicts = 0
    /// How long stores took.
    package internal(set) var storeTime = Histogram()
    /// Members that went on where they were cut off.
    package internal(set) var recovered = 0
    /// Members that wanted to and got a snapshot.
    package internal(set) var notRecovered = 0
    /// Members that missed patches because they did not read, and got a snapshot.
    package internal(set) var caughtUp = 0
    /// Connections whose credential ended, or was revoked, while they lived.
    package internal(set) var expired = 0

    /// Nothing counted yet.
    package init() {}

    /// Adds the sums of another machine; both must be looked at in the same moment.
    package mutating func merge(_ other: BoardCounters) {
        messages.merge(other.messages)
        peakConnections += other.peakConnections
        rateLimited += other.rateLimited
        dropped += other.dropped
        roomFull += other.roomFull
        commits += other.commits
        changes += other.changes
        commitFailures += other.commitFailures
        commitTime.merge(other.commitTime)
        roomsRefused += other.roomsRefused
        loads += other.loads
        loadFailures += other.loadFailures
        stores += other.stores
        storeFailures += other.storeFailures
        storeRefusals += other.storeRefusals
        storeConflicts += other.storeConflicts
        storeTime.merge(other.storeTime)
        recovered += other.recovered
        notRecovered += other.notRecovered
        caughtUp += other.caughtUp
        expired += other.expired
    }
}
