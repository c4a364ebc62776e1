import SessionBase
import Testing

@testable import SessionBench

/// A book with one topic, and short words for what happens in it.
private struct Ledger: ~Copyable {
    var book: TopicBook
    private let publishers: Int

    init(places: Int, publishers: Int = 1, joins: Bool = true) {
        self.publishers = publishers
        book = TopicBook(places: places, publishers: publishers, publishersOfTopics: [publishers])
        if joins { for place in 0..<places { book.join(place, 0) } }
    }

    static func publication(_ number: UInt64, from publisher: Int = 0, of accepted: UInt64? = nil) -> Publication {
        Publication(publisher: publisher, topic: 0, number: number, intended: .zero, sent: .zero, accepted: accepted)
    }

    mutating func arrive(_ number: UInt64, from publisher: Int = 0, at place: Int) -> TopicBook.Arrival {
        book.arrive(Self.publication(number, from: publisher), at: place)
    }

    /// Lets a publisher's last publication arrive.
    mutating func end(_ accepted: UInt64, from publisher: Int = 0, at place: Int) {
        _ = book.arrive(Self.publication(accepted + 1, from: publisher, of: accepted), at: place)
    }

    mutating func completed() -> [(number: UInt64, isWhole: Bool)] {
        var all: [(number: UInt64, isWhole: Bool)] = []
        while let (publication, isWhole) = book.takeCompleted() { all.append((publication.number, isWhole)) }
        return all.sorted { $0.number < $1.number }
    }
}

@Suite struct TopicBookTests {
    @Test func `what reaches all in one order is neither lost nor late`() {
        var ledger = Ledger(places: 3)
        for number in 1...100 as ClosedRange<UInt64> {
            for place in 0..<3 { #expect(ledger.arrive(number, at: place) == .next) }
            #expect(ledger.completed().map(\.number) == [number])
        }
        for place in 0..<3 { ledger.end(100, at: place) }
        #expect(ledger.book.endsOwed == 0)
        for place in 0..<3 { #expect(ledger.book.leave(place) == 0) }
    }

    @Test func `one that is skipped is lost where it never comes, and late where it does`() {
        var ledger = Ledger(places: 2)
        for number in [1, 2, 3] as [UInt64] { _ = ledger.arrive(number, at: 0) }
        #expect(ledger.arrive(1, at: 1) == .next)
        #expect(ledger.arrive(3, at: 1) == .next)
        #expect(ledger.completed().map(\.isWhole) == [true, false, true])
        for place in 0...1 { ledger.end(3, at: place) }
        #expect(ledger.book.leave(0) == 0)
        var other = Ledger(places: 2)
        for number in [1, 2, 3] as [UInt64] { _ = other.arrive(number, at: 0) }
        #expect(other.arrive(2, at: 1) == .next && other.arrive(1, at: 1) == .late && other.arrive(3, at: 1) == .next)
        #expect(other.arrive(1, at: 1) == .again)
        #expect(ledger.book.leave(1) == 1 && other.book.leave(1) == 0)
    }

    @Test func `one that comes twice is counted each time but the first`() {
        var ledger = Ledger(places: 1)
        #expect(ledger.arrive(1, at: 0) == .next && ledger.arrive(1, at: 0) == .again)
        #expect(ledger.arrive(2, at: 0) == .next && ledger.arrive(1, at: 0) == .again)
        ledger.end(2, at: 0)
        #expect(ledger.book.leave(0) == 0)
    }

    @Test func `what never reaches anybody is known from the publisher's last word`() {
        var ledger = Ledger(places: 2)
        for place in 0...1 {
            #expect(ledger.arrive(1, at: place) == .next)
            #expect(ledger.arrive(4, at: place) == .next)
            ledger.end(5, at: place)
        }
        for place in 0...1 { #expect(ledger.book.leave(place) == 3) }
    }

    @Test func `without the last word all are owed that anybody heard of`() {
        var ledger = Ledger(places: 2)
        for number in 1...5 as ClosedRange<UInt64> { _ = ledger.arrive(number, at: 0) }
        _ = ledger.arrive(1, at: 1)
        #expect(ledger.book.endsOwed == 2)
        #expect(ledger.book.leave(0) == 0 && ledger.book.leave(1) == 4)
        #expect(ledger.book.endsOwed == 0)
    }

    @Test func `a publisher's word that reached nobody is heard from itself`() {
        var ledger = Ledger(places: 1)
        _ = ledger.arrive(1, at: 0)
        ledger.book.accept(4, of: 0, in: 0)
        #expect(ledger.book.leave(0) == 3)
    }

    @Test func `refused publications leave holes that nobody is owed`() {
        var ledger = Ledger(places: 1)
        #expect(ledger.arrive(1, at: 0) == .next && ledger.arrive(3, at: 0) == .next)
        _ = ledger.book.arrive(Ledger.publication(4, of: 2), at: 0)
        #expect(ledger.book.leave(0) == 0)
    }

    @Test func `all must hear two publishers in the same order, whichever it is`() {
        var ledger = Ledger(places: 2, publishers: 2)
        #expect(ledger.arrive(1, from: 1, at: 0) == .next && ledger.arrive(1, from: 0, at: 0) == .next)
        #expect(ledger.arrive(1, from: 0, at: 1) == .next)
        #expect(ledger.arrive(1, from: 1, at: 1) == .late)
        for place in 0...1 {
            for publisher in 0...1 { ledger.end(1, from: publisher, at: place) }
            #expect(ledger.book.leave(place) == 0)
        }
    }

    @Test func `a visitor's arrivals say nothing about the order of the others`() {
        var ledger = Ledger(places: 2, joins: false)
        ledger.book.join(0, 0)
        #expect(ledger.arrive(1, at: 0) == .next)
        ledger.book.visit(1, 0)
        // Its socket is read before that of the one who stays.
        #expect(ledger.arrive(3, at: 1) == .next && ledger.arrive(4, at: 1) == .next)
        for number in [2, 3, 4] as [UInt64] { #expect(ledger.arrive(number, at: 0) == .next) }
        #expect(ledger.completed().map(\.isWhole) == [true, true, true, true])
        #expect(ledger.arrive(5, at: 0) == .next && ledger.arrive(5, at: 1) == .next)
        #expect(ledger.arrive(6, at: 0) == .next && ledger.arrive(7, at: 0) == .next)
        #expect(ledger.arrive(7, at: 1) == .next && ledger.arrive(6, at: 1) == .late)
        #expect(ledger.arrive(7, at: 1) == .again)
        #expect(ledger.book.leave(1) == 0)
        ledger.end(7, at: 0)
        #expect(ledger.book.leave(0) == 0)
        #expect(ledger.book.orders[0].count == 8)
    }

    @Test func `a publisher's own order is kept, too`() {
        var ledger = Ledger(places: 1)
        #expect(ledger.arrive(2, at: 0) == .next && ledger.arrive(1, at: 0) == .late)
        #expect(ledger.arrive(2, at: 0) == .again && ledger.arrive(1, at: 0) == .again)
    }

    @Test func `whoever is away is owed what it missed, and nobody waits for it`() {
        var ledger = Ledger(places: 2)
        for place in 0...1 { _ = ledger.arrive(1, at: place) }
        _ = ledger.arrive(2, at: 0)
        #expect(ledger.completed().map(\.number) == [1])
        ledger.book.pause(1)
        #expect(ledger.completed().map(\.number) == [2])
        _ = ledger.arrive(3, at: 0)
        #expect(ledger.completed().map(\.number) == [3])
        ledger.book.resume(1)
        _ = ledger.arrive(4, at: 0)
        for number in 2...4 as ClosedRange<UInt64> { #expect(ledger.arrive(number, at: 1) == .next) }
        #expect(ledger.completed().map(\.number) == [4])
        for place in 0...1 { ledger.end(4, at: place) }
        #expect(ledger.book.leave(0) == 0 && ledger.book.leave(1) == 0)
    }

    @Test func `one that comes back without what it missed lacks exactly that`() {
        var ledger = Ledger(places: 2)
        _ = ledger.arrive(1, at: 1)
        ledger.book.pause(1)
        for number in 1...9 as ClosedRange<UInt64> { _ = ledger.arrive(number, at: 0) }
        ledger.book.resume(1)
        #expect(ledger.arrive(9, at: 1) == .next)
        ledger.end(9, at: 1)
        #expect(ledger.book.leave(1) == 7)
    }

    @Test func `a visitor begins anywhere, and is owed nothing`() {
        var ledger = Ledger(places: 2, joins: false)
        ledger.book.join(0, 0)
        for number in 1...5 as ClosedRange<UInt64> { _ = ledger.arrive(number, at: 0) }
        #expect(ledger.arrive(4, at: 1) == .foreign)
        ledger.book.visit(1, 0)
        #expect(ledger.arrive(4, at: 1) == .next && ledger.arrive(5, at: 1) == .next)
        #expect(ledger.arrive(6, at: 1) == .next && ledger.arrive(4, at: 1) == .again)
        #expect(ledger.book.leave(1) == 0)
        #expect(ledger.arrive(6, at: 0) == .next)
        #expect(ledger.completed().map(\.number) == Array(1...6))
    }

    @Test func `a topic that is another's, or comes behind the end, is not heard`() {
        var ledger = Ledger(places: 1)
        var other = Ledger.publication(1)
        other.topic = 7
        #expect(ledger.book.arrive(other, at: 0) == .foreign)
        _ = ledger.book.leave(0)
        #expect(ledger.arrive(1, at: 0) == .foreign)
    }

    @Test func `whoever leaves lets the others' publications be over`() {
        var ledger = Ledger(places: 2)
        _ = ledger.arrive(1, at: 0)
        #expect(ledger.completed().isEmpty)
        #expect(ledger.book.leave(1) == 1)
        #expect(ledger.completed().map(\.number) == [1])
    }

    @Test func `one that is further behind than what is kept is not lost, and not accused of disorder`() {
        var ledger = Ledger(places: 2)
        let count: UInt64 = 300_000
        for number in 1...count { _ = ledger.arrive(number, at: 0) }
        var kinds: [TopicBook.Arrival] = []
        for number in 1...count {
            let arrival = ledger.arrive(number, at: 1)
            if kinds.last != arrival { kinds.append(arrival) }
        }
        #expect(kinds == [.forgotten, .next])
        for place in 0...1 { ledger.end(count, at: place) }
        #expect(ledger.book.leave(0) == 0 && ledger.book.leave(1) == 0)
    }

    @Test func `workers that heard of the same in another order differ`() {
        var (one, two, three) = (TopicOrder(), TopicOrder(), TopicOrder())
        for number in [1, 2, 3] as [UInt64] { one.append(Ledger.publication(number)) }
        for number in [1, 3, 2] as [UInt64] { two.append(Ledger.publication(number)) }
        for number in [1, 2] as [UInt64] { three.append(Ledger.publication(number)) }
        #expect(one.contradicts(two) && !one.contradicts(three) && !one.contradicts(one))
        var orders = TopicOrders([one, one])
        orders.merge(TopicOrders())
        orders.merge(TopicOrders([one, two]))
        #expect(orders.conflicts == 1)
    }
}

/// Compares the book with a plain model, over many short random histories: every fault is planted, and counted both ways.
@Suite struct TopicBookModelTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `planted faults are counted one by one`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ledger = Ledger(places: 3)
        var counts = (lost: [UInt64](repeating: 0, count: 3), again: 0, late: 0)
        var found = (again: 0, late: 0)
        for number in 1...60 as ClosedRange<UInt64> {
            // The first place hears of all in order, so that the order is its.
            #expect(ledger.arrive(number, at: 0) == .next)
            for place in 1...2 {
                switch random.next() % 8 {
                case 0: counts.lost[place] += 1
                case 1:
                    counts.again += 1
                    for arrival in [ledger.arrive(number, at: place), ledger.arrive(number, at: place)]
                    where arrival == .again { found.again += 1 }
                default: _ = ledger.arrive(number, at: place)
                }
            }
        }
        for place in 0..<3 { ledger.end(60, at: place) }
        #expect(found.again == counts.again)
        for place in 0..<3 { #expect(ledger.book.leave(place) == counts.lost[place]) }
    }
}
