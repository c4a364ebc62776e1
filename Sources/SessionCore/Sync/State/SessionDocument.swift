package import SessionBase

/// What the store keeps of a session: its state, whose it is, and who wrote it last.
///
/// The content starts with what a list of sessions shows, so that nobody has to read a megabyte of state for it:
///
///     format 1 · user · device · application version · created · updated · state version
///     floor · count, then key, value and version of each · count, then key and version of each deleted key
struct SessionDocument: Equatable, Sendable {
    /// What stands before the state.
    var summary: SessionSummary
    var state: SessionState

    private static let format: UInt8 = 1

    /// A session that was never written.
    init(user: String, at time: Timestamp) {
        summary = SessionSummary(
            user: user, device: nil, appVersion: nil, createdAt: time, updatedAt: time, version: 0)
        state = SessionState()
    }

    /// Reads the content of a stored document.
    init(decoding body: [UInt8]) throws(DamagedDocument) {
        var reader = try DocumentReader(body, format: Self.format)
        summary = try SessionSummary(reading: &reader)
        let floor = try reader.number()
        var entries: [SessionState.Entry] = []
        for _ in 0..<(try reader.count(bytesMin: 3)) {
            entries.append(
                SessionState.Entry(key: try reader.text(), value: try reader.text(), version: try reader.number()))
        }
        var tombstones: [SessionState.Tombstone] = []
        for _ in 0..<(try reader.count(bytesMin: 2)) {
            tombstones.append(SessionState.Tombstone(key: try reader.text(), version: try reader.number()))
        }
        try reader.end()
        let state = SessionState(
            version: summary.version, floor: floor, entries: entries, tombstones: tombstones)
        guard let state else { throw DamagedDocument() }
        self.state = state
    }

    /// The content to be stored.
    var encoded: [UInt8] {
        var writer = DocumentWriter(format: Self.format)
        var summary = summary
        summary.version = state.version
        summary.append(to: &writer)
        writer.append(state.floor)
        writer.append(UInt64(state.entries.count))
        for entry in state.entries {
            writer.append(entry.key)
            writer.append(entry.value)
            writer.append(entry.version)
        }
        writer.append(UInt64(state.tombstones.count))
        for tombstone in state.tombstones {
            writer.append(tombstone.key)
            writer.append(tombstone.version)
        }
        return writer.bytes
    }

    /// The store's own number for a state version: above zero, as a session that was only opened has version 0.
    static func revision(of version: UInt64) -> UInt64 { version + 1 }
}

/// Whose a stored session is and how far it got, without its state.
package struct SessionSummary: Equatable, Sendable {
    /// Whose it is.
    package var user: String
    /// The device that wrote it last.
    package var device: String?
    /// The application version that the last writer named.
    package var appVersion: String?
    /// When it was opened.
    package var createdAt: Timestamp
    /// When its state was written last.
    package var updatedAt: Timestamp
    /// The version of its state; 0 before the first write.
    package var version: UInt64

    init(
        user: String, device: String?, appVersion: String?, createdAt: Timestamp, updatedAt: Timestamp,
        version: UInt64
    ) {
        (self.user, self.device, self.appVersion) = (user, device, appVersion)
        (self.createdAt, self.updatedAt, self.version) = (createdAt, updatedAt, version)
    }

    /// Reads the beginning of a stored session's content; `nil` where that is damaged.
    package init?(decoding body: [UInt8]) {
        do throws(DamagedDocument) {
            var reader = try DocumentReader(body, format: 1)
            self = try SessionSummary(reading: &reader)
        } catch {
            return nil
        }
    }

    init(reading reader: inout DocumentReader) throws(DamagedDocument) {
        user = try reader.text()
        device = try reader.optionalText()
        appVersion = try reader.optionalText()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        version = try reader.number()
    }

    func append(to writer: inout DocumentWriter) {
        writer.append(user)
        writer.append(device)
        writer.append(appVersion)
        writer.append(createdAt)
        writer.append(updatedAt)
        writer.append(version)
    }
}
