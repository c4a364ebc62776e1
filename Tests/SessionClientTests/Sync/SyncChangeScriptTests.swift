import SessionBase
import SessionClient
import SessionCodec
import Testing

@Suite struct SyncChangeScriptTests {
    private let update = SyncStateUpdate(key: "k", operation: .set, value: JSONFragment(80 as Int64))

    /// A script whose handshake is done.
    private func open() -> SyncChangeScript {
        var identity = SyncLogin.Identity(device: "d")
        identity.token = "t.t.t"
        identity.user = "u"
        var script = SyncChangeScript(identity, update, correlation: "c1", timeout: .seconds(3))
        #expect(script.deadline == nil)
        guard case .send(let frame) = script.opened(at: .zero), case .auth(let auth) = frame.message else {
            Issue.record("no AUTH was sent")
            return script
        }
        #expect(auth.token == "t.t.t" && auth.deviceID == "d" && auth.resume == nil)
        #expect(frame.envelope.userID == "u" && frame.envelope.sessionID == nil)
        #expect(script.deadline == .zero + .seconds(3))
        return script
    }

    /// A script that was let in.
    private func enter() -> SyncChangeScript {
        var script = open()
        let frame = SyncClientFrame(.stateUpdate(update), envelope: SyncEnvelope(correlationID: "c1"))
        #expect(script.received(SyncFrames.welcome().span) == .send(frame))
        return script
    }

    @Test func `a change is made once its own acknowledgement is there`() {
        var script = enter()
        #expect(script.received(SyncFrames.change("k", 1, version: 2).span) == nil)
        #expect(script.received(SyncFrames.change("k", 80, version: 3, correlation: "other").span) == nil)
        let action = script.received(SyncFrames.change("k", 80, version: 4, correlation: "c1").span)
        guard case .finish(let change, SyncFrames.session) = action else {
            Issue.record("\(String(describing: action))")
            return
        }
        #expect(change.version == 4)
    }

    @Test func `what does not decode means nothing`() {
        var script = enter()
        #expect(script.received(Array("{".utf8).span) == nil)
        #expect(script.received(Array(#"{"type":99,"payload":{}}"#.utf8).span) == nil)
    }

    @Test(arguments: SyncAuthFailureCode.allCases)
    func `a failed AUTH ends it as its close code would`(code: SyncAuthFailureCode) {
        var script = open()
        let action = script.received(SyncFrames.frame(.authFailure(code, message: "no")).span)
        #expect(action == .reject(SyncRejection(code, message: "no")))
        #expect(SyncRejection(code, message: "no").verdict == Verdict(code.closeCode))
    }

    @Test func `a refused change ends it, another's refusal does not`() {
        let details = JSONFragment(["server_version": 7, "server_state": ["k": 1]] as JSONValue)
        let error = SyncServerMessage.error(.versionConflict, message: "Changed", details: details)
        var script = enter()
        #expect(script.received(SyncFrames.frame(error, correlation: "other").span) == nil)
        let rejection = SyncRejection(.versionConflict, message: "Changed", details: details)
        #expect(script.received(SyncFrames.frame(error, correlation: "c1").span) == .reject(rejection))
        #expect(rejection.verdict == .failed)
        #expect(rejection.description.hasPrefix("VERSION_CONFLICT: Changed (server_version 7); read the state again"))
        #expect(rejection.value["details"]?["server_state"]?["k"]?.integer == 1)
    }

    @Test(
        arguments: [
            (.invalidJSON, .badData), (.invalidMessage, .badData), (.unknownType, .badData),
            (.notAuthenticated, .refused), (.alreadyAuthenticated, .failed), (.identityMismatch, .refused),
            (.forbidden, .refused), (.sessionNotFound, .failed), (.versionConflict, .failed),
            (.invalidOperation, .badData), (.stateTooLarge, .badData), (.rateLimited, .tryAgain),
            (.storeUnavailable, .tryAgain), (.internal, .unavailable),
        ] as [(SyncErrorCode, Verdict)])
    func `every ERROR has its exit status`(code: SyncErrorCode, verdict: Verdict) {
        #expect(SyncRejection(code, message: "").verdict == verdict)
    }

    @Test func `silence is worth another try`() {
        let script = open()
        #expect(script.tick(at: .zero + .milliseconds(2999)) == nil)
        let entering = script.tick(at: .zero + .seconds(3))
        #expect(entering == .leave(.tryAgain, explanation: "the server did not answer AUTH within 3 s"))
        let changing = enter()
        let silent = changing.tick(at: .zero + .seconds(3))
        #expect(silent == .leave(.tryAgain, explanation: "the server did not acknowledge the change within 3 s"))
    }

    @Test func `an end before the acknowledgement is a failure`() {
        let script = enter()
        guard case .leave(.failed, let normal) = script.ended(SyncFrames.closed(.normal)),
            case .leave(.failed, let superseded) = script.ended(SyncFrames.closed(.superseded)),
            case .leave(.unavailable, _) = script.ended(SyncFrames.closed(.abnormal))
        else {
            Issue.record("wrong verdicts")
            return
        }
        #expect(normal == "the connection closed with 1000 normal before the change was acknowledged")
        #expect(superseded.hasSuffix("give each its own --device"))
    }
}
