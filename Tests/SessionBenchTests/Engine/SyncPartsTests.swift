import SessionBase
import SessionCodec
import Testing

@testable import SessionBench

@Suite struct RequestQueueTests {
    @Test func `requests leave in the order in which they came, however many wait`() {
        var queue = RequestQueue<Int>()
        var (next, expected) = (0, 0)
        for step in 0..<200 {
            for _ in 0..<(step % 7) {
                queue.append(next)
                next += 1
            }
            for _ in 0..<(step % 5) where queue.count > 0 {
                #expect(queue.oldest == expected)
                #expect(queue.removeFirst() == expected)
                expected += 1
            }
        }
        #expect(queue.count == next - expected)
        while let number = queue.removeFirst() {
            #expect(number == expected)
            expected += 1
        }
        #expect(expected == next && queue.oldest == nil)
    }
}

@Suite struct RequestTemplateTests {
    @Test func `copies differ in their numbers, and say how long their body is`() throws {
        let template = RequestTemplate(
            "POST /a/<SESSION>", authority: "h:1", fields: [("X", "<TARGET>")],
            body: #"{"v":<VERSION>,"m":"<SESSION>-<MARK>","t":"<","d":"<DEVICE>"}"#)
        var frames = FrameBuffer(capacity: 1024)
        let copy = template.append(to: &frames, credential: Array("Authorization: Bearer x\r\n".utf8))
        template.set(.session, 42, in: copy, of: &frames)
        template.set(.target, 7, in: copy, of: &frames)
        template.set(.mark, 123_456_789_012, in: copy, of: &frames)
        template.set(.version, 1005, in: copy, of: &frames)
        template.set(.device, 99_999_999, in: copy, of: &frames)
        let text = String(decoding: frames.bytes, as: UTF8.self)
        let body = #"{"v":            1005,"m":"00000042-0000123456789012","t":"<","d":"99999999"}"#
        #expect(
            text == "POST /a/00000042 HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\nX: 00000007\r\nAuthorization: Bearer x\r\n\r\n\(body)")
        #expect(try JSONValue.parse(body)["v"]?.integer == 1005)
        #expect(template.count + 25 == text.utf8.count)
    }
}

@Suite struct SyncRosterTests {
    private func roster(_ kind: SyncLoad.Kind, devices: Int, perSession: Int, writers: Int, sessions: Int? = nil)
        -> SyncRoster
    {
        var load = SyncLoad(kind)
        load.devicesPerSession = perSession
        load.writers = writers
        load.sessions = sessions
        var plan = LoadPlan(targets: [], workload: .sync(load))
        plan.connections = devices
        return SyncRoster(WorkerShare(plan: plan, index: 0), load)
    }

    @Test(arguments: [(10, 3), (3, 10), (5, 5), (1, 1), (7, 2)])
    func `the writers go round all sessions`(sessions: Int, writers: Int) {
        let roster = roster(.snapshot, devices: sessions, perSession: 1, writers: writers, sessions: sessions)
        #expect(roster.sessions == sessions)
        let asked = (0..<writers).flatMap { writer in
            (0..<roster.turns(ofWriter: writer)).map { roster.session(ofWriter: writer, turn: $0) }
        }
        #expect(Set(asked) == Set(0..<sessions))
        if sessions >= writers { #expect(asked.count == sessions) }
    }

    @Test func `a handoff uses only sessions with all their devices`() {
        #expect(roster(.handoff, devices: 7, perSession: 2, writers: 64).sessions == 3)
        #expect(roster(.handoff, devices: 7, perSession: 2, writers: 64, sessions: 2).sessions == 2)
        #expect(roster(.snapshot, devices: 7, perSession: 2, writers: 64).sessions == 64)
    }

    @Test func `a session's id is a UUID of version 4 that ends in its number`() {
        let id = roster(.snapshot, devices: 1, perSession: 1, writers: 1).sessionID("00000012")
        let parts = id.split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12] && parts[2].hasPrefix("4") && parts[3].hasPrefix("8"))
        #expect(id.hasSuffix("00000012"))
    }
}
