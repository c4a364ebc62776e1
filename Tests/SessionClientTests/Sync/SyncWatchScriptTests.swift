import SessionBase
import SessionClient
import SessionCodec
import Testing

@Suite struct SyncWatchScriptTests {
    private func watch(
        _ subject: SyncNews.Subject = .state(keys: []), _ change: (inout StopRule.Conditions) -> Void = { _ in }
    ) -> SyncWatchScript {
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        change(&conditions)
        return SyncWatchScript(SyncLogin.Identity(device: "d"), subject, conditions, timeout: .seconds(3))
    }

    /// Opens, enters, and returns what AUTH asked to resume.
    @discardableResult
    private func enter(
        _ script: inout SyncWatchScript, _ welcome: [UInt8] = SyncFrames.welcome()
    ) -> (resume: SyncAuthentication.Resume?, session: String?, actions: [SyncWatchScript.Action]) {
        guard case .send(let frame)? = script.opened(at: .zero).first, case .auth(let auth) = frame.message else {
            Issue.record("no AUTH was sent")
            return (nil, nil, [])
        }
        return (auth.resume, frame.envelope.sessionID, script.received(welcome.span, at: .zero))
    }

    private func lines(_ actions: [SyncWatchScript.Action]) -> [String] {
        actions.compactMap { action in if case .tell(let news) = action { news.line } else { nil } }
    }

    @Test func `changes are told, as lines and as objects`() {
        var script = watch()
        enter(&script)
        let actions = script.received(SyncFrames.change("k", 80, version: 2, sequence: 11).span, at: .zero)
        guard case .tell(let news)? = actions.first else {
            Issue.record("nothing was told")
            return
        }
        #expect(news.line == "version 2: SET k 80 by other")
        let expected: JSONValue = [
            "event": "state_update", "session_id": .string(SyncFrames.session), "key": "k", "operation": "SET",
            "value": 80, "version": 2, "device_id": "other", "seq": 11,
        ]
        #expect(news.value == expected)
    }

    @Test func `a replaced state is told, other keys and handoffs are not`() {
        var script = watch(.state(keys: ["a"]))
        enter(&script)
        let replaced = SyncServerMessage.broadcast(event: "session_replaced", data: JSONFragment(["version": 9]))
        #expect(
            lines(script.received(SyncFrames.frame(replaced).span, at: .zero))
                == ["version 9: the whole state was replaced"])
        #expect(script.received(SyncFrames.change("b", 1, version: 2).span, at: .zero) == [])
        let offer = SyncServerMessage.broadcast(event: "handoff_offer", data: JSONFragment(["token": "secret"]))
        #expect(script.received(SyncFrames.frame(offer).span, at: .zero) == [])
    }

    @Test(arguments: [(false, "***"), (true, "secret")])
    func `the token of an offer is shown only where that was asked for`(isShown: Bool, shown: String) {
        var script = watch(.handoffs(showsTokens: isShown))
        enter(&script)
        let data: JSONValue = ["token": "secret", "source_device": "phone"]
        let offer = SyncServerMessage.broadcast(event: "handoff_offer", data: JSONFragment(data))
        let actions = script.received(SyncFrames.frame(offer, sequence: 12).span, at: .zero)
        #expect(lines(actions) == ["handoff_offer, token \(shown), source_device phone"])
        guard case .tell(let news)? = actions.first else { return }
        #expect(news.value["token"]?.string == shown)
        #expect(script.received(SyncFrames.change("k", 1, version: 2).span, at: .zero) == [])
    }

    @Test func `a lost connection is resumed at the last push of the same session`() {
        var script = watch()
        #expect(enter(&script).resume == nil)
        _ = script.received(SyncFrames.change("k", 1, version: 2, sequence: 11).span, at: .zero)
        #expect(script.ended(SyncFrames.closed(.abnormal), returns: true) == [])
        let again = enter(&script, SyncFrames.welcome(version: 4, sequence: 13, replayed: 2))
        #expect(again.resume == SyncAuthentication.Resume(epoch: "e1", sequence: 11))
        #expect(again.session == SyncFrames.session)
        #expect(again.actions == [.remark("watching again; what was missed follows: 2")])
        // Lost before the second of the replayed pushes: the next resume begins behind the first.
        _ = script.received(SyncFrames.change("k", 2, version: 3, sequence: 12).span, at: .zero)
        _ = script.ended(SyncFrames.closed(.abnormal), returns: true)
        #expect(enter(&script).resume == SyncAuthentication.Resume(epoch: "e1", sequence: 12))
    }

    @Test func `what cannot be recovered is told as a gap`() {
        var script = watch()
        enter(&script)
        _ = script.received(SyncFrames.change("k", 1, version: 2, sequence: 11).span, at: .zero)
        _ = script.ended(SyncFrames.closed(.abnormal), returns: true)
        let again = enter(&script, SyncFrames.welcome(version: 6, epoch: "e2", sequence: 3))
        #expect(lines(again.actions).first?.contains("the state went from version 2 to 6") == true)
        guard case .tell(let news)? = again.actions.first else { return }
        #expect(news.value["event"]?.string == "gap" && news.value["version_before"]?.integer == 2)
        _ = script.ended(SyncFrames.closed(.abnormal), returns: true)
        #expect(enter(&script).resume == SyncAuthentication.Resume(epoch: "e2", sequence: 3))
    }

    @Test func `nothing pushed while away is no gap`() {
        var script = watch()
        enter(&script)
        _ = script.ended(SyncFrames.closed(.abnormal), returns: true)
        #expect(enter(&script).actions == [.remark("watching again; nothing was missed")])
    }

    @Test func `a newer token goes into the next AUTH`() {
        var script = watch()
        enter(&script)
        _ = script.ended(SyncFrames.closed(.tokenExpired), returns: true)
        script.renew(token: "new")
        guard case .send(let frame)? = script.opened(at: .zero).first, case .auth(let auth) = frame.message else {
            Issue.record("no AUTH was sent")
            return
        }
        #expect(auth.token == "new")
    }

    @Test func `a count, an expectation and a time end it`() {
        var counting = watch { $0.count = 1 }
        enter(&counting)
        let counted = counting.received(SyncFrames.change("k", 1, version: 2).span, at: .zero)
        #expect(counted.last == .leave(.success, explanation: []))

        var expecting = watch { $0.patterns = [["key": "k", "value": 80]] }
        enter(&expecting)
        #expect(expecting.received(SyncFrames.change("k", 1, version: 2).span, at: .zero).count == 1)
        let met = expecting.received(SyncFrames.change("k", 80, version: 3).span, at: .zero)
        #expect(met.last == .leave(.success, explanation: []))

        var timed = watch { $0.lasting = .seconds(2) }
        enter(&timed)
        #expect(timed.deadline == .zero + .seconds(2))
        #expect(timed.tick(at: .zero + .seconds(2)) == [.leave(.success, explanation: [])])

        var failing = watch { $0.patterns = [["key": "k"]] }
        enter(&failing)
        #expect(failing.deadline == .zero + .seconds(5))
        guard case .leave(.failed, let lines)? = failing.tick(at: .zero + .seconds(5)).first else {
            Issue.record("the expectation was met")
            return
        }
        #expect(lines.first == #"expected  {"key":"k"}"#)
    }

    @Test func `a refused AUTH, a silent server and a close end it`() {
        var script = watch()
        _ = script.opened(at: .zero)
        #expect(script.deadline == .zero + .seconds(3))
        guard case .leave(.tryAgain, _)? = script.tick(at: .zero + .seconds(3)).first else {
            Issue.record("it waits on")
            return
        }
        let refusal = SyncFrames.frame(.authFailure(.tokenExpired, message: "Expired"))
        #expect(script.received(refusal.span, at: .zero) == [.reject(SyncRejection(.tokenExpired, message: "Expired"))])
        #expect(script.ended(SyncFrames.closed(.kicked), returns: false) == [.leave(.failed, explanation: [])])
    }
}
