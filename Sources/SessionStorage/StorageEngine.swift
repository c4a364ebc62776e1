package import SessionBase
package import SessionCore

/// Carries out what services ask of the store, on threads of its own.
///
/// A call sees what was answered before it was submitted and, of one document, what its asker submitted before it. Replies
/// come in any order.
package protocol StorageEngine: Sendable {
    /// Starts to work; every reply goes to `sink`, on a thread of the engine, with the asker who gets it.
    func start(_ sink: @escaping @Sendable (_ asker: Int, _ answers: [StoreAnswer]) -> Void) throws(StorageError)

    /// Hands in calls; returns at once.
    func submit(_ calls: [StoreCall], from asker: Int)

    /// Frees what it keeps only to be faster, since a crowd has gone; returns at once.
    func releaseCaches()

    /// Carries out everything that was submitted, then ends the engine's threads; later calls are `unavailable`.
    func stop()

    /// Whether it can serve now.
    var health: StorageHealth { get }

    /// What it says of itself at `/metrics`.
    var figures: StorageFigures { get }
}

extension StorageEngine {
    /// Keeps nothing only to be faster.
    package func releaseCaches() {}
}

/// What an engine says of itself; `nil` where it has no such thing.
package struct StorageFigures: Equatable, Sendable {
    /// What Redis' engine says.
    package struct Redis: Equatable, Sendable {
        /// Whether it can be used.
        package var isUp = false
        /// How many connections were lost and made again.
        package var reconnects: UInt64 = 0
        /// How long commands took, from being sent to their reply.
        package var commands = Histogram()

        /// Nothing has happened yet.
        package init() {}
    }

    /// Bytes of the log that the next checkpoint copies into the file.
    package var walBytes: Int?
    /// Redis.
    package var redis: Redis?

    /// Nothing is said.
    package init() {}
}

/// A reply on its way to the asker.
package struct StoreAnswer: Equatable, Sendable {
    /// The number the call carried.
    package var ticket: UInt64
    /// What the store says.
    package var reply: StoreReply

    /// Pairs a number and a reply.
    package init(ticket: UInt64, reply: StoreReply) {
        self.ticket = ticket
        self.reply = reply
    }
}

/// Whether an engine can serve.
package enum StorageHealth: Equatable, Sendable {
    /// It can.
    case up
    /// It cannot, for this reason; for logs and `/readyz`.
    case down(String)
}

/// Why an engine cannot be opened: what, where, and what to do; one line without a full stop.
package struct StorageError: Error, Equatable, CustomStringConvertible {
    /// The line.
    package let description: String

    /// Makes an error of its line.
    package init(_ description: String) { self.description = description }
}
