import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Names that look alike and are different bytes: nothing takes one for the other, above all not their owners.
@Suite struct ChannelSpellingTests {
    /// A letter with an accent as one scalar and as two, for so many names that two loops own some of each.
    private let spellings = (0..<8).map { ("\u{E9}\($0)", "e\u{301}\($0)") }

    @Test func `two spellings of a report are two reports, whichever loops own them`() {
        var service = ChannelsFixture(loops: 2)
        for (composed, decomposed) in spellings {
            service.report(composed, .running, 10)
            service.report(decomposed, .running, 20)
            for (id, progress) in [(composed, 10), (decomposed, 20)] {
                let peers = (0..<2).map { service.open("/api/v1/reports/progress/\(id)", loop: $0) }
                for peer in peers {
                    #expect(service.take(peer).last?.contains(#""progress":\#(progress)"#) == true)
                    service.close(peer)
                }
            }
        }
        #expect(service.machines.reduce(0) { $0 + $1.statistics.reports } == 2 * spellings.count)
    }

    @Test func `two spellings of a template are two streams, whichever loops own them`() {
        var service = ChannelsFixture(loops: 2)
        for (composed, decomposed) in spellings {
            let first = service.open("/api/v1/reports/stream/\(composed)", loop: 0)
            let second = service.open("/api/v1/reports/stream/\(decomposed)", loop: 0)
            _ = (service.take(first), service.take(second))
            service.push(composed, #"{"a":1}"#)
            #expect(service.take(first).count == 1)
            #expect(service.take(second).isEmpty)
        }
    }

    @Test func `an id that begins with an accent is not cut`() {
        var service = ChannelsFixture()
        service.report("\u{301}x", .running, 10)
        let peer = service.open("/api/v1/reports/progress/\u{301}x")
        #expect(service.take(peer).last?.contains(#""progress":10"#) == true)
    }

    @Test func `a report whose id holds an escaped slash can be watched`() {
        var service = ChannelsFixture()
        service.report("2024/01", .running, 10)
        let peer = service.open("/api/v1/reports/progress/2024/01")
        #expect(service.take(peer).last?.contains(#""progress":10"#) == true)
    }

    @Test func `a user whose name looks like another's is another user`() {
        var service = ChannelsFixture()
        let kim = service.join(as: "Kim")
        let other = service.join(as: "\u{212A}im")
        let message = ProducerMessage.of(#"{"type":"x"}"#)
        service.request(.sendToUser("Kim", message))
        #expect(service.take(kim).count == 1)
        #expect(service.take(other).isEmpty)
        #expect(service.subscribe(other, "user:Kim:alerts").first?.contains("FORBIDDEN") == true)
        service.report("r1", .running, 10, owner: "Kim")
        let canceller = service.open("/api/v1/reports/progress/r1", as: "\u{212A}im")
        _ = service.take(canceller)
        #expect(service.say(#"{"type":"cancel_report"}"#, on: canceller).first?.contains("FORBIDDEN") == true)
        #expect(service.revoke(.user("Kim")) == 1)
        #expect(service.closes[kim] == .revoked)
        #expect(service.closes[other] == nil)
    }
}
