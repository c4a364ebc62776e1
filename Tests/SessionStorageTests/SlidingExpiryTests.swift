import SessionBase
import SessionCore
import SessionStorage
import Testing

@Suite struct SlidingExpiryTests {
    private let sliding = SlidingExpiry()
    private static let later = Instant.zero + SlidingExpiry.patience

    /// A document that ends then, in seconds.
    private func document(_ name: String, end: Int64) -> Document {
        Document(
            key: DocumentKey(.sessions, name), version: 1, body: [], createdAt: Self.time(0), updatedAt: Self.time(0),
            expiresAt: Self.time(end))
    }

    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    /// Extends a document that ends at 1000 to `until`, both in seconds.
    private func extend(_ name: String, to until: Int64, now: Instant = .zero) -> Timestamp? {
        sliding.extend(document(name, end: 1000), to: Self.time(until), at: Self.time(0), now: now)?.expiresAt
    }

    @Test func `an end that is near is written at once`() {
        let near = document("a", end: 299)
        #expect(sliding.extend(near, to: Self.time(900), at: Self.time(0), now: .zero) == nil)
        #expect(sliding.extend(near, to: Self.time(200), at: Self.time(0), now: .zero) == near)
        #expect(sliding.all().isEmpty)
    }

    @Test func `an extension waits for a minute, and is known meanwhile`() {
        #expect(extend("a", to: 2000) == Self.time(2000))
        #expect(extend("a", to: 1500) == Self.time(2000))
        #expect(sliding.current(document("a", end: 1000)).expiresAt == Self.time(2000))
        #expect(sliding.due(atMost: 9, now: .zero + .seconds(59)).isEmpty)
        #expect(sliding.due(atMost: 9, now: Self.later).map(\.extension.until) == [Self.time(2000)])
        #expect(sliding.due(atMost: 9, now: Self.later).isEmpty)
    }

    @Test func `what is due is taken a few at a time, the oldest first`() {
        for (index, name) in ["a", "b", "c"].enumerated() {
            _ = extend(name, to: 2000, now: .zero + .seconds(index))
        }
        #expect(sliding.due(atMost: 2, now: Self.later + .seconds(5)).map(\.key.name) == ["a", "b"])
        #expect(sliding.due(atMost: 2, now: Self.later + .seconds(5)).map(\.key.name) == ["c"])
    }

    @Test func `what was written is forgotten, unless it was extended again meanwhile`() {
        _ = extend("a", to: 2000)
        _ = extend("b", to: 2000)
        let written = sliding.due(atMost: 9, now: Self.later)
        _ = extend("b", to: 3000, now: Self.later)
        sliding.forget(written, now: Self.later)
        #expect(sliding.all().map(\.key.name) == ["b"])
        #expect(sliding.current(document("b", end: 2000)).expiresAt == Self.time(3000))
        #expect(
            sliding.due(atMost: 9, now: Self.later + SlidingExpiry.patience).first?.extension.from == Self.time(2000))
    }

    @Test func `what could not be written waits again`() {
        _ = extend("a", to: 2000)
        let entries = sliding.due(atMost: 9, now: Self.later)
        sliding.retry(entries, now: Self.later)
        #expect(sliding.due(atMost: 9, now: Self.later).isEmpty)
        #expect(sliding.due(atMost: 9, now: Self.later + SlidingExpiry.patience).count == 1)
    }

    @Test func `a document that was written anew has the end that it was written with`() {
        _ = extend("a", to: 2000)
        sliding.forget(DocumentKey(.sessions, "a"))
        #expect(sliding.current(document("a", end: 1000)).expiresAt == Self.time(1000))
        #expect(sliding.due(atMost: 9, now: Self.later).isEmpty)
        #expect(!sliding.isOverdue(at: Self.time(5000)))
    }

    @Test func `only where an end in the file has passed may a document be over there that lives on`() {
        _ = extend("a", to: 2000)
        #expect(!sliding.isOverdue(at: Self.time(999)))
        #expect(sliding.isOverdue(at: Self.time(1000)))
        _ = sliding.extend(document("b", end: 5000), to: Self.time(6000), at: Self.time(0), now: .zero)
        sliding.forget(
            [(DocumentKey(.sessions, "a"), SlidingExpiry.Extension(from: Self.time(1000), until: Self.time(2000)))],
            now: .zero)
        sliding.review()
        #expect(!sliding.isOverdue(at: Self.time(4999)))
    }
}
