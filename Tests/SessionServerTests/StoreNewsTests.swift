import SessionBase
import SessionServer
import SessionStorage
import Testing

@Suite struct StoreNewsTests {
    private let start = Instant.zero + .seconds(100)

    @Test func `a store that fails is told of once, and that it works again`() {
        var news = StoreNews()
        #expect(news.note(.up, at: start) == nil)
        #expect(news.note(.down("full"), at: start) == .fails("full"))
        #expect(news.note(.down("full"), at: start + .seconds(90)) == nil)
        #expect(news.note(.up, at: start + .seconds(91)) == .works)
        #expect(news.note(.up, at: start + .seconds(92)) == nil)
    }

    @Test func `a store that fails now and then is told of once a minute`() {
        var news = StoreNews()
        let lines = (0..<180).compactMap { second in
            news.note(second.isMultiple(of: 2) ? .down("full") : .up, at: start + .seconds(second))
        }
        #expect(lines == [.fails("full"), .works, .fails("full"), .works, .fails("full"), .works])
    }
}
