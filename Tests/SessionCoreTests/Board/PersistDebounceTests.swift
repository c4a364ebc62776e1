import SessionBase
import Testing

@testable import SessionCore

@Suite struct PersistDebounceTests {
    private static let start = Instant.zero + .seconds(100)

    private static func at(_ seconds: Double) -> Instant { start + .milliseconds(Int64(seconds * 1_000)) }

    /// When the store is due after changes at these seconds.
    private static func due(after changes: [Double]) -> Double? {
        var debounce = PersistDebounce(PersistRules())
        for change in changes { debounce.changed(at: at(change)) }
        return debounce.due.map { Double(($0 - start).milliseconds) / 1_000 }
    }

    @Test(
        arguments: [
            ([], nil), ([0], 2), ([0, 1], 3), ([0, 1.9, 3.8], 5.8), ([0, 2, 4, 6, 8], 10), ([0, 2, 4, 6, 8, 9.9], 10),
        ] as [([Double], Double?)])
    func `a store trails the last change by two seconds and the first by ten at most`(changes: [Double], due: Double?) {
        #expect(Self.due(after: changes) == due)
    }

    @Test func `changes during a store make exactly one store more`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        debounce.begin(at: Self.at(2))
        for tenth in 21...59 { debounce.changed(at: Self.at(Double(tenth) / 10)) }
        #expect(debounce.due == nil)
        debounce.stored()
        #expect(debounce.isDirty)
        #expect(debounce.due == Self.at(7.9))
        debounce.begin(at: Self.at(7.9))
        debounce.stored()
        #expect(!debounce.isDirty)
        #expect(debounce.due == nil)
    }

    @Test func `a hurried store begins at once, but not within two seconds of the last beginning`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        debounce.hurry()
        #expect(debounce.due == Self.at(0))
        debounce.begin(at: Self.at(0))
        debounce.stored()
        debounce.changed(at: Self.at(0.5))
        debounce.hurry()
        #expect(debounce.due == Self.at(2))
    }

    @Test func `a store that waited for others keeps the next one away from when it was sent`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        debounce.begin(at: Self.at(2))
        debounce.changed(at: Self.at(2.5))
        debounce.sent(at: Self.at(5))
        debounce.stored()
        #expect(debounce.due == Self.at(7))
        debounce.begin(at: Self.at(7))
        debounce.sent(at: Self.at(9))
        debounce.failed(at: Self.at(9.1))
        #expect(debounce.due == Self.at(11))
    }

    @Test func `hurry ends with the store that it was for`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        debounce.begin(at: Self.at(2))
        debounce.hurry()
        debounce.stored()
        debounce.changed(at: Self.at(10))
        #expect(debounce.due == Self.at(12))
    }

    @Test func `failures wait one second, then twice as long each time, up to thirty`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        var now = Self.at(2)
        var waits: [Int64] = []
        for _ in 0..<8 {
            debounce.begin(at: now)
            let failedAt = now + .seconds(5)
            debounce.failed(at: failedAt)
            #expect(debounce.isDirty)
            now = debounce.due ?? now
            waits.append((now - failedAt).milliseconds / 1_000)
        }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30, 30])
        debounce.begin(at: now)
        debounce.stored()
        debounce.changed(at: now)
        debounce.begin(at: now + .seconds(2))
        debounce.failed(at: now + .seconds(7))
        #expect(debounce.due == now + .seconds(8), "success forgets earlier failures")
    }

    @Test func `a failure keeps two seconds between beginnings, and a refusal waits half a minute`() {
        var debounce = PersistDebounce(PersistRules())
        debounce.changed(at: Self.at(0))
        debounce.begin(at: Self.at(2))
        debounce.failed(at: Self.at(2.1))
        #expect(debounce.due == Self.at(4))
        debounce.begin(at: Self.at(4))
        debounce.failed(isRefused: true, at: Self.at(4.1))
        #expect(debounce.due == Self.at(34.1))
        debounce.hurry()
        #expect(debounce.due == Self.at(34.1), "hurry does not outrun a backoff")
    }

    @Test func `what is dirty is as old as the first change that is not stored`() {
        var debounce = PersistDebounce(PersistRules())
        #expect(debounce.dirtySince == nil)
        debounce.changed(at: Self.at(0))
        debounce.changed(at: Self.at(1))
        debounce.begin(at: Self.at(3))
        debounce.changed(at: Self.at(4))
        #expect(debounce.dirtySince == Self.at(0))
        debounce.failed(at: Self.at(5))
        #expect(debounce.dirtySince == Self.at(0))
        debounce.begin(at: Self.at(6))
        debounce.changed(at: Self.at(7))
        debounce.stored()
        #expect(debounce.dirtySince == Self.at(7))
    }

    /// All sequences of five things that can happen, one a second, against what must always be true.
    @Test func `whatever happens, stores keep their distance and nothing stays unstored`() {
        for code in 0..<(5 * 5 * 5 * 5 * 5) { check(code) }
    }

    private func check(_ code: Int) {
        var (debounce, rest) = (PersistDebounce(PersistRules()), code)
        var begins: [Instant] = []
        var unstored: Instant?
        for second in 0..<5 {
            let now = Self.at(Double(second))
            switch rest % 5 {
            case 0:
                debounce.changed(at: now)
                unstored = unstored ?? now
            case 1: debounce.hurry()
            case 2 where debounce.isStoring: debounce.failed(at: now)
            case 3 where debounce.isStoring:
                debounce.stored()
                unstored = debounce.dirtySince
            case 4:
                if let due = debounce.due, due <= now {
                    debounce.begin(at: now)
                    begins.append(now)
                }
            default: break
            }
            rest /= 5
            #expect(debounce.isDirty == (unstored != nil), "\(code)")
            #expect(debounce.due == nil || !debounce.isStoring, "\(code)")
            #expect(debounce.isStoring || !debounce.isDirty || debounce.due != nil, "\(code)")
            if let due = debounce.due, let unstored { #expect(due <= max(unstored + .seconds(10), now + .seconds(30))) }
        }
        for (first, second) in zip(begins, begins.dropFirst()) { #expect(second - first >= .seconds(2), "\(code)") }
    }
}
