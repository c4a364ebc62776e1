import SessionBase

/// The report or stream that a connection came for.
struct ChannelsWatch: TableRecord {
    static let vacant = ChannelsWatch(id: "", isStream: false)

    /// The report's or template's id.
    let id: String
    let isStream: Bool
    /// `request_update` or `apply_filter` messages.
    var updates = TokenBucket()
    /// How the rows of a stream are wanted.
    var pace = StreamPace()
    /// When the connection is looked at for rows that wait; `nil` while it need not be.
    var scheduledAt: Instant?
    /// Whether the connection is in a group of its own, because it is served row by row.
    var isAlone = false

    init(id: String, isStream: Bool) {
        self.id = id
        self.isStream = isStream
    }
}

/// When a connection is to be looked at; means nothing where its watch is scheduled for another time.
struct PaceEntry: Sendable {
    let connection: ConnectionID
    let due: Instant
}
