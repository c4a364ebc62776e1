import SessionBase
import SessionCodec
import SessionCore
import Testing

/// STATE_UPDATE and SNAPSHOT_REQUEST (PROTOCOLS 1-12, 1-13, 1-29, §3.4, §3.5).
@Suite struct SyncStateTests {
    @Test func `an update is told to the others, and to the sender who wants to know`() {
        var service = SyncFixture()
        let sender = service.join("u1")
        let other = service.join("u1", device: "d2")
        let change = SyncStateChange(
            key: "mood", value: .json(#""calm""#), operation: .set, version: 1, deviceID: "d1")
        #expect(service.update("mood", .set, #""calm""#, on: sender) == [.said(other, .stateUpdate(change))])
        #expect(service.envelopes[other]?.sequence == 3 && service.envelopes[other]?.deviceID == "d1")

        let heard = service.update("mood", .set, #""calm""#, correlation: "c1", on: sender)
        var second = change
        second.version = 2
        var acknowledgement = second
        acknowledgement.isAcknowledgement = true
        #expect(
            heard == [
                .said(sender, .stateUpdate(acknowledgement), correlation: "c1"), .said(other, .stateUpdate(second)),
            ])
        #expect(service.envelopes[sender]?.sequence == nil)
    }

    @Test func `the four operations do what they say`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.update("count", .increment, "2", on: device)
        service.update("count", .increment, "-5", on: device)
        service.update("profile", .merge, #"{"a":1,"b":{"c":1}}"#, on: device)
        service.update("profile", .merge, #"{"b":{"d":2}}"#, on: device)
        service.update("gone", .set, "true", on: device)
        service.update("gone", .delete, on: device)
        #expect(service.state(on: device) == ["count": -3, "profile": ["a": 1, "b": ["d": 2]]])
        #expect(service.get(service.session(of: device)).json["version"] == 6)
    }

    @Test func `whole numbers are added exactly, and others as doubles`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.update("n", .set, "9007199254740993", on: device)
        service.update("n", .increment, "9223372036854775807", on: device)
        service.update("m", .set, "9007199254740993", on: device)
        service.update("m", .increment, "1", on: device)
        service.update("x", .increment, "0.5", on: device)
        service.update("x", .increment, "1", on: device)
        let state = service.state(on: device)
        #expect(state?["m"]?.integer == 9_007_199_254_740_994)
        #expect(state?["n"]?.double == 9.232379236109516e18)
        #expect(state?["x"]?.double == 1.5)
        #expect(service.update("big", .set, "1e308", on: device).errors == [])
        #expect(service.update("big", .increment, "1e308", on: device).errors == [.invalidOperation])
    }

    @Test func `an operation that does not fit the value changes nothing`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.update("text", .set, #""nan""#, on: device)
        #expect(service.update("text", .increment, "1", on: device).errors == [.invalidOperation])
        #expect(service.update("text", .merge, "{}", on: device).errors == [.invalidOperation])
        #expect(
            service.receive(#"{"type":5,"payload":{"key":"k","value":1,"operation":"POP"}}"#, on: device).errors == [
                .invalidOperation
            ])
        #expect(service.snapshot(on: device) == service.snapshot(on: device))
        #expect(service.get(service.session(of: device)).json["version"] == 1)
    }

    @Test func `an update of an older version fails only where its key has changed`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.update("a", .set, "1", on: device)
        service.update("b", .set, "1", on: device)
        #expect(service.update("a", .set, "2", base: 1, on: device).errors == [])
        let heard = service.update("a", .set, "3", base: 1, on: device)
        guard case .error(.versionConflict, _, let details?)? = heard.messages(to: device).last else {
            Issue.record("no conflict")
            return
        }
        #expect(details.value == ["server_version": 3, "base_version": 1, "conflicting_keys": ["a"]])
        #expect(service.update("a", .set, "3", base: 9, on: device).errors == [.versionConflict])
        service.update("b", .delete, on: device)
        #expect(service.update("b", .set, "3", base: 2, on: device).errors == [.versionConflict])
    }

    @Test func `a state that would be too large stays as it is`() {
        var service = SyncFixture()
        let device = service.join("u1")
        let quarter = "\"" + String(repeating: "x", count: 250_000) + "\""
        for key in ["a", "b", "c", "d"] { #expect(service.update(key, .set, quarter, on: device).errors == []) }
        #expect(service.update("e", .set, quarter, on: device).errors == [.stateTooLarge])
        service.update("a", .delete, on: device)
        #expect(service.update("e", .set, quarter, on: device).errors == [])
    }

    @Test func `a state has at most a thousand keys`() {
        var service = SyncFixture()
        let members = (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        #expect(service.put("{\(members)}").status == .created)
        let device = service.join("u1")
        #expect(service.update("more", .set, "1", on: device).errors == [.stateTooLarge])
        #expect(service.update("k0", .set, "1", on: device).errors == [])
        #expect(service.patch(#"{"more":1}"#, base: 2).code == "INVALID_STATE")
    }

    // MARK: SNAPSHOT_REQUEST

    @Test func `the state is given, or nothing where the client has it or there is none`() {
        var service = SyncFixture()
        let device = service.join("u1")
        #expect(service.snapshot(on: device) == .missing)
        service.update("a", .set, "1", on: device)
        let time = service.moment.timestamp
        #expect(service.snapshot(on: device) == .found(version: 1, state: .json(#"{"a":1}"#), updatedAt: time))
        #expect(service.snapshot(on: device, known: 1) == .unchanged(version: 1))
        #expect(service.snapshot(on: device, known: 0) != .unchanged(version: 1))
    }

    @Test func `another session of the user can be read, and nobody else's`() {
        var service = SyncFixture()
        service.put(#"{"a":1}"#, in: .claimed)
        service.put(#"{"b":1}"#, in: .newest, as: "u2")
        let device = service.join("u1", session: .named)
        func ask(_ session: String) -> [SyncFixture.Heard] {
            service.say(.snapshotRequest(session: session, knownVersion: nil), on: device)
        }
        guard case .snapshotResponse(.found(1, let state, _))? = ask(.claimed).messages(to: device).last else {
            Issue.record("no state")
            return
        }
        #expect(state.value == ["a": 1])
        #expect(ask(.newest).errors == [.sessionNotFound])
        #expect(ask(.numbered(1)).messages(to: device) == [.snapshotResponse(.missing)])
    }

    // MARK: Durability

    @Test func `nobody hears of an update before it is durable`() {
        var service = SyncFixture()
        let sender = service.join("u1")
        let other = service.join("u1", device: "d2")
        service.answersStore = false
        #expect(service.update("a", .set, "1", correlation: "c1", on: sender) == [])
        #expect(service.answerCall(at: 0) == [], "the state is read")
        let heard = service.answerCall(at: 0)
        #expect(heard.messages(to: sender).count == 1 && heard.messages(to: other).count == 1)
    }

    @Test func `what arrives while a write is in flight leaves as one next write`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.update("n", .increment, "1", on: device)
        service.answersStore = false
        let before = service.writes.count
        for _ in 0..<10 { service.update("n", .increment, "1", correlation: "c", on: device) }
        #expect(service.writes.count == before + 1)
        #expect(service.answerCall(at: 0).messages(to: device).count == 1)
        #expect(service.writes.count == before + 2)
        let rest = service.answerCall(at: 0)
        #expect(rest.messages(to: device).count == 9)
        #expect(service.writes.last?.version == 12, "each update has a version of its own")
        service.answersStore = true
        #expect(service.state(on: device) == ["n": 11])
    }

    @Test func `a read behind a write sees what was written`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.answersStore = false
        service.update("a", .set, "1", on: device)
        service.say(.snapshotRequest(session: nil, knownVersion: nil), correlation: "c1", on: device)
        let answers = service.answerStore().messages(to: device)
        guard case .snapshotResponse(.found(version: 1, _, _))? = answers.last else {
            Issue.record("the write is not seen")
            return
        }
    }

    @Test func `a write that meets another version is made again on it`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.update("n", .increment, "1", on: device)
        var elsewhere = SyncFixture()
        elsewhere.store = service.store
        elsewhere.put(#"{"n":10,"m":1}"#)
        service.store = elsewhere.store
        let heard = service.update("n", .increment, "1", correlation: "c1", on: device)
        guard case .stateUpdate(let change)? = heard.messages(to: device).last else {
            Issue.record("no acknowledgement")
            return
        }
        #expect(change.version == 3)
        #expect(service.state(on: device) == ["n": 11, "m": 1])
        #expect(service.machine.counters.writeRetries == 1)
    }

    @Test func `a refusal is never given on a state that may be old`() {
        var service = SyncFixture()
        service.put(#"{"n":1}"#)
        var elsewhere = SyncFixture()
        elsewhere.store = service.store
        elsewhere.put(#"{"n":2}"#)
        service.store = elsewhere.store
        #expect(service.put(#"{"n":3}"#, version: 3).status == .ok)
    }

    @Test func `without the store everybody who waits hears so, and versions go on rising`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.update("n", .increment, "1", on: device)
        service.answersStore = false
        for _ in 0..<3 { service.update("n", .increment, "1", correlation: "c", on: device) }
        let request = service.post(.getSnapshot(session: .named, unless: nil))
        service.isStoreDown = true
        let heard = service.answerStore()
        #expect(heard.errors == [.storeUnavailable, .storeUnavailable, .storeUnavailable])
        #expect(service.responses[request]?.status == .serviceUnavailable)
        #expect(service.responses[request]?.fields["Retry-After"] != nil)
        service.isStoreDown = false
        service.answersStore = true
        service.update("n", .increment, "1", on: device)
        #expect(service.state(on: device) == ["n": 2])
    }

    @Test func `a write of which nobody knows whether it happened is built upon if it did`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.update("n", .increment, "1", on: device)
        service.answersStore = false
        service.update("n", .increment, "1", on: device)
        let call = service.calls[0]
        _ = service.store.handle(call.request, at: service.moment.timestamp)
        service.isStoreDown = true
        #expect(service.answerStore().errors == [.storeUnavailable])
        service.isStoreDown = false
        service.answersStore = true
        service.update("n", .increment, "1", on: device)
        #expect(service.state(on: device) == ["n": 3])
        #expect(service.get().json["version"] == 3)
    }

    @Test func `a connection with more than 64 updates waiting is held until half are done`() {
        var service = SyncFixture()
        let device = service.join("u1")
        service.answersStore = false
        for _ in 0..<64 { #expect(service.update("n", .increment, "1", on: device) == []) }
        #expect(service.update("n", .increment, "1", on: device) == [.paused(device)])
        #expect(service.update("n", .increment, "1", on: device) == [])
        #expect(service.answerStore() == [.resumed(device)])
    }
}

extension SyncFixture {
    /// The session that a connection belongs to.
    func session(of connection: ConnectionID) -> String { machine.device(of: connection)?.session ?? "" }
}
