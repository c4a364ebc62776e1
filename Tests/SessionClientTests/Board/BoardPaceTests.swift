import SessionBase
import SessionClient
import Testing

/// When the next of many messages may leave.
@Suite struct BoardPaceTests {
    @Test func `over a second no more leave than were asked for`() {
        var pace = BoardPace(perSecond: 50)
        var now = Instant.zero + .seconds(10)
        let end = now + .seconds(2)
        var sent = 0
        while now < end {
            if pace.isOpen(at: now) {
                pace.sent(at: now)
                sent += 1
            }
            now = now + .milliseconds(1)
        }
        #expect((99...102).contains(sent))
    }

    @Test func `a refusal is a second of silence, and each halves the rate down to five a second`() {
        var pace = BoardPace(perSecond: 50)
        let now = Instant.zero + .seconds(10)
        pace.refused(at: now)
        #expect(!pace.isOpen(at: now + .milliseconds(999)) && pace.isOpen(at: now + BoardPace.pause))
        for _ in 0..<10 { pace.refused(at: now) }
        pace.sent(at: now + .seconds(1))
        #expect(pace.opensAt == now + .milliseconds(1200))
    }

    @Test func `a rate below five a second is not made faster by a refusal`() {
        var pace = BoardPace(perSecond: 1)
        pace.refused(at: .zero)
        pace.sent(at: .zero + .seconds(1))
        #expect(pace.opensAt == .zero + .seconds(2))
    }

    @Test func `without a rate all leave, until the server refuses one`() {
        var pace = BoardPace(perSecond: nil)
        for _ in 0..<1000 { pace.sent(at: .zero) }
        #expect(pace.isOpen(at: .zero))
        pace.refused(at: .zero)
        #expect(!pace.isOpen(at: .zero + .milliseconds(500)))
    }
}
