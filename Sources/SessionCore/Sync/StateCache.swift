/// The stored content of sessions that were written lately, so that their next write need not read it first.
///
/// At most 4 MiB. What was not used since the hand came by the last time gives way (the clock algorithm, Corbató 1968).
struct StateCache: Sendable {
    private struct Entry: TableRecord {
        static let vacant = Entry(document: nil, session: noIndex, byteCount: 0, isUsed: false)
        var document: SessionDocument?
        let session: UInt32
        let byteCount: Int
        var isUsed: Bool
    }

    /// Bytes of all contents together.
    static let bytesMax = 4 << 20
    /// What an entry costs beside its content.
    private static let overhead = 256

    private var entries = Table<Entry>()
    /// Bytes that are taken.
    private(set) var byteCount = 0
    private var hand: UInt32 = 0

    /// How many sessions have an entry.
    var count: Int { entries.count }

    /// The content at a place.
    mutating func document(at place: UInt32) -> SessionDocument? {
        entries[slot: place].isUsed = true
        return entries[slot: place].document
    }

    /// Whose content is at a place; `nil` where there is none.
    func session(at place: UInt32) -> UInt32? {
        entries.contains(slot: place) ? entries[slot: place].session : nil
    }

    /// Stores the content of a session.
    ///
    /// - Returns: Its place, and the sessions whose entries gave way for it; a content that would fill a quarter of the
    ///   cache gets no place.
    mutating func insert(_ document: SessionDocument, of session: UInt32) -> (place: UInt32, evicted: [UInt32])? {
        let bytes = document.state.byteCount + Self.overhead + 48 * document.state.entries.count
        guard bytes <= Self.bytesMax / 4 else { return nil }
        var evicted: [UInt32] = []
        while byteCount + bytes > Self.bytesMax { evicted.append(evictNext()) }
        byteCount += bytes
        let entry = Entry(document: document, session: session, byteCount: bytes, isUsed: false)
        return (entries.insert(entry), evicted)
    }

    /// Frees a place.
    mutating func remove(at place: UInt32) { byteCount -= entries.remove(slot: place).byteCount }

    private mutating func evictNext() -> UInt32 {
        while true {
            hand = hand + 1 < entries.slotCount ? hand + 1 : 0
            guard entries.contains(slot: hand) else { continue }
            guard entries[slot: hand].isUsed else {
                let session = entries[slot: hand].session
                remove(at: hand)
                return session
            }
            entries[slot: hand].isUsed = false
        }
    }
}
