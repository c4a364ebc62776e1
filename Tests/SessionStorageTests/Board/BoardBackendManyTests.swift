import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage
import Testing

/// Many rooms at once, other configurations, and the end.
@Suite struct BoardBackendManyTests {
    private static func loads(_ count: Int) -> [BackendRequest] { (0..<count).map { .load(room: "r\($0)") } }

    /// An answer that names the room, after a while.
    @Sendable private static func slowly(_ call: ScriptedBackend.Call) -> [ScriptedBackend.Step] {
        [.pause(.milliseconds(10)), .answer(200, String(call.request.head.target.split(separator: "/")[2]))]
    }

    @Test func `a hundred rooms at once have 32 requests under way, and each gets its own board`() throws {
        let scripted = try ScriptedBackend(Self.slowly)
        let running = try RunningBackend(scripted)
        let tickets = running.submit(Self.loads(100))
        #expect(running.replies(to: tickets) == (0..<100).map { .board("r\($0)") })
        #expect(scripted.inFlightMax == 32)
        #expect(scripted.connections == 32)
        let figures = running.backend.figures
        #expect(figures.inFlightMax == 32)
        #expect((figures.inFlight, figures.waiting) == (0, 0))
        #expect(figures.loads.done == 100)
    }

    @Test func `rooms behind those that hang get their turn`() throws {
        let scripted = try ScriptedBackend { call in
            call.request.head.target.contains("/r0/") ? [.pause(.seconds(60))] : [.answer(404)]
        }
        let running = try RunningBackend(scripted) { configuration in
            (configuration.timeout, configuration.concurrency) = (.milliseconds(200), 1)
        }
        let hanging = running.submit([.load(room: "r0")])
        Waiting.until("the first request is under way") { scripted.calls.count == 1 }
        #expect(running.load("r1") == .absent)
        #expect(running.replies(to: hanging)[0].refusal?.contains("did not answer") == true)
    }

    @Test func `behind a backend that hangs nothing waits for long, and loads go before stores`() throws {
        let scripted = try ScriptedBackend { _ in [.pause(.seconds(60))] }
        let running = try RunningBackend(scripted) { configuration in
            (configuration.timeout, configuration.concurrency) = (.milliseconds(500), 1)
        }
        let first = running.submit([.load(room: "first")])
        Waiting.until("the first request is under way") { scripted.calls.count == 1 }
        let stores = running.submit((0..<20).map { .store(room: "s\($0)", version: 1, body: []) })
        let load = running.submit([.load(room: "urgent")])
        let refusals = running.replies(to: stores).map { $0.refusal ?? "" }
        #expect(refusals.allSatisfy { $0.contains("busy with others") })
        #expect(running.replies(to: first + load).allSatisfy { $0.refusal?.contains("did not answer") == true })
        #expect(scripted.calls.map { $0.request.head.target.contains("urgent") } == [false, true])
        #expect(running.backend.figures.waiting == 0)
    }

    @Test func `a reply says when the request left, after it had waited for others`() throws {
        let scripted = try ScriptedBackend { call in
            call.line.contains("/slow/") ? [.pause(.milliseconds(300)), .answer(200)] : [.answer(200)]
        }
        let running = try RunningBackend(scripted) { $0.concurrency = 1 }
        let begin = SystemClock.now()
        let tickets = running.submit(["slow", "next"].map { .store(room: $0, version: 1, body: []) })
        #expect(running.replies(to: tickets) == [.stored, .stored])
        let sent = try tickets.map { try #require(running.sentAt($0)) }
        #expect(sent[0] >= begin && sent[1] - begin >= .milliseconds(300) && sent[1] <= SystemClock.now())
        scripted.kill()
        let refused = running.submit([.store(room: "r", version: 1, body: [])])
        #expect(running.replies(to: refused)[0].refusal != nil && running.sentAt(refused[0]) == nil)
    }

    @Test func `replies go to the loop that asked`() throws {
        let scripted = try ScriptedBackend { _ in [.answer(404)] }
        let running = try RunningBackend(scripted)
        let asked = (0..<4).map { loop in running.submit(Self.loads(20), from: loop) }
        for (loop, tickets) in asked.enumerated() {
            #expect(running.replies(to: tickets).allSatisfy { $0 == .absent })
            #expect(tickets.allSatisfy { running.loop(of: $0) == loop })
        }
    }

    @Test func `figures count what stores and loads came to`() throws {
        let scripted = try ScriptedBackend { call in
            let room = call.request.head.target.split(separator: "/")[2]
            return [.answer(Int(room) ?? 0)]
        }
        let running = try RunningBackend(scripted)
        for status in [200, 204, 409, 400, 500, 503, 429] { _ = running.store("\(status)") }
        for status in [404, 403] { _ = running.load("\(status)") }
        let figures = running.backend.figures
        #expect(figures.stores.labelled.map(\.result) == ["ok", "conflict", "refused", "unavailable"])
        #expect(figures.stores.labelled.map(\.count) == [2, 1, 1, 3])
        #expect(figures.storeTimes.count == 7)
        #expect(figures.loads.labelled.map(\.count) == [1, 0, 1, 0])
    }

    @Test func `another configuration is in force for what comes, and does not hurt what is under way`() throws {
        let first = try ScriptedBackend { _ in [.pause(.milliseconds(100)), .answer(200, "first")] }
        let second = try ScriptedBackend { _ in [.answer(200, "second")] }
        let running = try RunningBackend(first)
        let before = running.submit([.load(room: "r")])
        Waiting.until("the first request is under way") { !first.calls.isEmpty }
        var configuration = BoardBackendConfiguration(endpoint: second.endpoint, secret: Array("another".utf8))
        configuration.loadTemplate = "/{roomId}"
        try running.backend.reload(configuration)
        #expect(running.load("s") == .board("second"))
        #expect(running.replies(to: before) == [.board("first")])
        #expect(running.load("t") == .board("second"))
        #expect(second.calls.map(\.request.head.target) == ["/s", "/t"])
        configuration.secret = []
        #expect(throws: StorageError.self) { try running.backend.reload(configuration) }
        #expect(running.load("u") == .board("second"))
    }

    @Test func `what was submitted is still carried out at the end, and what takes too long is unavailable`() throws {
        let scripted = try ScriptedBackend { call in
            call.request.head.target.contains("hang") ? [.pause(.seconds(60))] : Self.slowly(call)
        }
        let running = try RunningBackend(scripted)
        let tickets = running.submit(Self.loads(40))
        running.backend.stop(patience: .seconds(10))
        #expect(tickets.map { running.reply(to: $0) } == (0..<40).map { .board("r\($0)") })
        let late = running.submit([.load(room: "late")])
        #expect(running.reply(to: late[0])?.refusal?.contains("stopped") == true)

        let impatient = try RunningBackend(scripted)
        let hanging = impatient.submit([.load(room: "hang"), .load(room: "hang2")])
        Waiting.until("they are under way") { scripted.calls.count == 42 }
        impatient.backend.stop(patience: .milliseconds(50))
        #expect(hanging.allSatisfy { impatient.reply(to: $0)?.refusal?.contains("stopped") == true })
        impatient.backend.stop()
    }
}
