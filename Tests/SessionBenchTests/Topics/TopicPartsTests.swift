import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct PublicationTextTests {
    private static let now = Instant(nanoseconds: 123_456_789_012_345_678)

    /// A frame as a server would send it, of a publication that was written through the pages.
    private static func frame(_ publication: Publication, seed: UInt64 = 5, load: TopicLoad = TopicLoad(.fanout))
        -> String
    {
        var plan = LoadPlan(targets: [], workload: .topics(load))
        (plan.seed, plan.connections, plan.payloadBytes) = (seed, 3, 200)
        let share = WorkerShare(plan: plan, index: 0)
        let pages = PublicationPages(share, TopicRoster(share, load), PublicationText(seed: seed))
        var desk = Desk(bytesMax: pages.bytesMax)
        var kind = PublicationPages.Kind()
        kind.isLast = publication.accepted != nil
        pages.write(publication, kind, to: 0, &desk)
        return String(decoding: desk.frames.bytes, as: UTF8.self)
    }

    private static let publication = Publication(
        publisher: 12, topic: 3456, number: 123_456_789_012, intended: now - .milliseconds(20),
        sent: now - .microseconds(7), accepted: nil)

    @Test func `a publication is read as it was written, wherever it stands`() throws {
        let body = try #require(Self.frame(Self.publication).split(separator: "\r\n\r\n").last)
        var text = PublicationText(seed: 5)
        for frame in [String(body), "   \(body)", #"{"offset":7,"message":"# + body + "}", String(body)] {
            #expect(text.read(Array(frame.utf8).span, at: Self.now) == Self.publication)
        }
    }

    @Test func `a publication has as many bytes as were asked for`() throws {
        let text = try #require(Self.frame(Self.publication).split(separator: "\r\n\r\n").last)
        let body = try JSONValue.parse(String(text))
        #expect(body["message"]?.text().utf8.count == 200)
        #expect(body["channel"]?.string?.hasSuffix(":00003456") == true)
    }

    @Test func `the last publication has the number of all`() {
        var last = Self.publication
        last.accepted = 77
        var text = PublicationText(seed: 5)
        #expect(text.read(Array(Self.frame(last).utf8).span, at: Self.now)?.accepted == 77)
    }

    @Test func `what another run published, or nobody did, is none`() {
        var text = PublicationText(seed: 6)
        #expect(text.read(Array(Self.frame(Self.publication).utf8).span, at: Self.now) == nil)
        #expect(text.read(Array(#"{"type":"pong"}"#.utf8).span, at: Self.now) == nil)
        #expect(text.read(Array(String(repeating: "x", count: 500).utf8).span, at: Self.now) == nil)
        let broken = text.letters + String(repeating: "1", count: 71) + "x"
        #expect(text.read(Array(broken.utf8).span, at: Self.now) == nil)
    }
}

@Suite struct TopicRosterTests {
    private func rosters(
        _ load: TopicLoad, subscribers: Int, workers: Int = 1
    ) -> [TopicRoster] {
        var plan = LoadPlan(targets: [], workload: .topics(load))
        (plan.connections, plan.threads) = (subscribers, workers)
        return (0..<workers).map { TopicRoster(WorkerShare(plan: plan, index: $0), load) }
    }

    @Test(arguments: [(1, 1, 1), (4, 4, 1), (7, 3, 1), (10, 2, 3), (3, 8, 2), (5, 64, 1)])
    func `each subscriber's places and topics are each other's inverse`(channels: Int, joined: Int, workers: Int) {
        var load = TopicLoad(.fanout)
        (load.channels, load.joined) = (channels, joined)
        for roster in rosters(load, subscribers: 20, workers: workers) {
            for subscriber in 0..<roster.subscribers {
                for slot in 0..<load.slots {
                    let topic = roster.topic(of: slot, at: subscriber)
                    #expect(roster.place(of: topic, at: subscriber) == subscriber * load.slots + slot)
                }
                let heard = (0..<channels).filter { roster.place(of: $0, at: subscriber) != nil }
                #expect(heard.count == load.slots)
            }
        }
    }

    @Test(arguments: [(1, 5, 1), (5, 1, 1), (3, 7, 2), (7, 3, 2), (4, 4, 3)])
    func `every topic has as many publishers as all think it has`(channels: Int, publishers: Int, workers: Int) {
        var load = TopicLoad(.fanout)
        (load.channels, load.publishers) = (channels, publishers)
        let rosters = rosters(load, subscribers: 9, workers: workers)
        var counts = [Int](repeating: 0, count: channels)
        for roster in rosters {
            for publisher in 0..<roster.publishers {
                #expect(roster.ownPublisher(roster.number(ofPublisher: publisher)) == publisher)
                for topic in roster.topics(ofPublisher: publisher) { counts[topic] += 1 }
                let turns = (0..<20).map { roster.topic(ofPublisher: publisher, turn: $0, scope: .rooms) }
                #expect(Set(turns) == Set(roster.topics(ofPublisher: publisher)))
            }
        }
        #expect(counts == rosters[0].publishersOfTopics && counts.allSatisfy { $0 > 0 })
    }

    @Test func `kiosks are in a namespace each, and a part of them in its rooms`() {
        var load = TopicLoad(.lockers)
        (load.rooms, load.roomRatio, load.publishers) = (4, 0.25, 5)
        let roster = rosters(load, subscribers: 120)[0]
        #expect(roster.topics == 3 + 12)
        #expect((0..<120).count { roster.staysInRoom($0) } == 30)
        for kiosk in 0..<120 {
            let (namespace, room) = roster.namespace(of: roster.topic(of: 1, at: kiosk))
            #expect(namespace == kiosk % 3 && namespace == roster.topic(of: 0, at: kiosk))
            #expect(room.map { (0..<4).contains($0) } == true)
        }
        #expect(Set((0..<120).map { roster.topic(of: 1, at: $0) }).count == 12)
        #expect(roster.publishersOfTopics.prefix(3) == [2, 2, 1])
        #expect(roster.topic(ofPublisher: 4, turn: 0, scope: .namespaces) == 1)
        #expect(roster.topic(ofPublisher: 4, turn: 0, scope: .rooms) >= 3)
    }
}

@Suite struct TopicNewsTests {
    @Test func `messages of both services are read`() {
        let subscribed = Array(
            #"{"type":"subscribed","channel":"test:a","epoch":"e1","offset":41,"recovered":true,"timestamp":"x"}"#.utf8)
        let one = TopicNews.read(subscribed.span)
        #expect(one?.kind == .subscribed && one?.offset == 41 && one?.isRecovered == true)
        #expect(one?.topic?.string(in: subscribed.span) == "test:a" && one?.epoch?.string(in: subscribed.span) == "e1")
        let refusal = Array(#"{"type":"error","data":{"code":"INVALID_ROOM","message":"no"}}"#.utf8)
        let two = TopicNews.read(refusal.span)
        #expect(two?.kind == .error && two?.code?.string(in: refusal.span) == "INVALID_ROOM")
        let answer = Array(#"{"success":true,"room":null,"recipients":5}"#.utf8)
        #expect(TopicNews.read(answer.span)?.recipients == 5)
        #expect(TopicNews.read(Array("[1]".utf8).span) == nil && TopicNews.read(Array("{".utf8).span) == nil)
    }

    @Test(arguments: [
        (#"{"type":"bench","offset":17}"#, 17 as UInt64?), (#"{"offset":17,"type":"bench"}"#, nil),
        (#"{"type":"bench","xoffset":17}"#, nil), (#"{"a":"b","offset":}"#, nil), ("}", nil),
    ])
    func `an offset is found at the end`(frame: String, offset: UInt64?) {
        #expect(TopicNews.trailingOffset(Array(frame.utf8).span) == offset)
    }
}

@Suite struct PublicationRingTests {
    private static let flight = Flight(intended: .zero, sent: .zero)

    @Test func `a publication is over once it is both taken and delivered`() {
        var ring = PublicationRing()
        #expect(ring.append(Self.flight, isDelivered: false) == 1 && ring.append(Self.flight, isDelivered: true) == 2)
        #expect(ring.update(1) { $0.isDelivered = true }?.isOver == false)
        #expect(ring.update(2) { $0.isAcknowledged = true }?.isOver == true)
        #expect(ring.update(2) { $0.isAcknowledged = true } == nil)
        #expect(ring.oldest?.number == 1)
        #expect(ring.update(1) { $0.isAcknowledged = true }?.isOver == true)
        #expect(ring.oldest == nil && ring.last == 2)
        #expect(ring.append(Self.flight, isDelivered: false) == 3)
        #expect(ring.update(9) { $0.isOver = true } == nil)
    }
}

@Suite struct DeparturesTests {
    @Test func `all are cut off one after the other, and are back before the end`() {
        var departures = Departures(Array(0..<10), away: .seconds(1))
        #expect(departures.take(at: .zero) == nil)
        departures.start(at: .zero, duration: .seconds(11))
        var times: [Duration] = []
        for millisecond in 0..<11_000 {
            let now = Instant.zero + .milliseconds(millisecond)
            while let (_, back) = departures.take(at: now) {
                times.append(now - .zero)
                #expect(back == now + .seconds(1))
            }
        }
        #expect(times.count == 10 && times.first == .milliseconds(475) && times.last! < .seconds(10))
    }
}
