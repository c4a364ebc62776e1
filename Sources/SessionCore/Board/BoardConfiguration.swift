package import SessionBase

/// How board behaves (PROTOCOLS §5).
package struct BoardConfiguration: Sendable {
    /// Whether boards are kept in the operator's backend; otherwise the embedded store keeps them (PROTOCOLS 3-19).
    package var hasBackend = false
    /// The least time between two broadcasts of a room (PROTOCOLS 3-1).
    package var shapesInterval: Duration = .milliseconds(16)
    /// The least time between a broadcast and one that brings nothing but cursors (PROTOCOLS 3-1).
    package var cursorsInterval: Duration = .milliseconds(50)
    /// How boards are stored (PROTOCOLS 3-17, 3-20).
    package var persistence = PersistRules()
    /// What a failed load waits for before it is tried again (PROTOCOLS 3-19).
    package var loadRetries: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3)]
    /// How large the shapes of a snapshot may be together, in bytes (PROTOCOLS 3-25).
    package var snapshotBytesMax = 4 << 20
    /// How many rooms with members the node may have; `nil` for any number (PROTOCOLS 3-21).
    package var maxRooms: Int?
    /// How many patches a room keeps for members that come back (PROTOCOLS §5.3).
    package var ringCapacity = 1_000
    /// How many bytes of patches a room keeps.
    package var ringBytesMax = 1 << 20
    /// How many bytes of patches all rooms of a loop keep together.
    package var ringsBytesMax = 64 << 20
    /// How many bytes of boards and missed patches go with one broadcast to those who come or catch up; the last of them may
    /// go beyond.
    package var catchUpBytesMax = 8 << 20
    /// How many records the journal of a room may have before the board is written to the embedded store whole, although a
    /// backend keeps it.
    package var journalRecordsMax = 1_000
    /// The same in bytes.
    package var journalBytesMax = 1 << 20
    /// The bucket that every connection's messages are taken from (C6); `nil` without any limit of rate.
    package var messageRate: TokenRate? = TokenRate(tokens: 200, each: .seconds(1), burst: 400)
    /// How long a change may wait for its store before members are told (PROTOCOLS 3-20).
    package var degradedAfter: Duration = .seconds(300)
    /// Which share of the rooms the machine owns.
    package var shard = 0
    /// How many shares there are.
    package var shardCount = 1
    /// Decides which share owns a room.
    package var hash = SipHash(key0: 0, key1: 0)

    /// The defaults of PROTOCOLS §5.
    package init() {}

    /// The share that owns a room.
    package func shard(ofRoom room: String) -> Int {
        shardCount == 1 ? 0 : Int(hash.hash(room.utf8.span) % UInt64(shardCount))
    }
}
