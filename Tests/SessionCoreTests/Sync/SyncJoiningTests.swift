import SessionBase
import SessionCodec
import SessionCore
import Testing

/// From a connection to a device of a session (PROTOCOLS 1-2, 1-5, 1-10, 1-28, §3.5).
@Suite struct SyncJoiningTests {
    @Test func `the first device of a user gets a new session`() throws {
        var service = SyncFixture()
        let connection = service.open()
        let heard = service.authenticate("u1", type: .mobile, on: connection)
        let welcome = try #require(heard.welcome)
        #expect(welcome.userID == "u1" && welcome.deviceID == "d1" && welcome.version == 0)
        #expect(welcome.devicesOnline == 1 && welcome.heartbeatInterval == 30_000)
        #expect(welcome.serverTime == service.moment.timestamp.milliseconds)
        #expect(heard.first == .paused(connection) && heard.last == .resumed(connection))
        #expect(service.envelopes[connection]?.sessionID == welcome.sessionID)
        let document = try #require(service.document(.sessions, welcome.sessionID))
        #expect(document.owner == "u1")
    }

    @Test func `the second device joins the session that was updated last`() throws {
        var service = SyncFixture()
        let first = service.join("u1")
        let session = try #require(service.welcomed.welcome?.sessionID)
        let second = service.join("u1", device: "d2")
        #expect(service.welcomed.welcome?.sessionID == session)
        #expect(service.welcomed.welcome?.devicesOnline == 2)
        guard case .deviceJoined(let device)? = service.welcomed.messages(to: first).first else {
            Issue.record("the first device is not told")
            return
        }
        #expect(device.id == "d2" && device.isOnline)
        #expect(service.welcomed.messages(to: second).count == 1)
    }

    @Test func `HEARTBEAT is answered before and after AUTH, and nothing else is before`() {
        var service = SyncFixture()
        let connection = service.open()
        let time = service.moment.timestamp.milliseconds
        let heard = service.say(.heartbeat(clientTime: 5), correlation: "c1", on: connection)
        #expect(
            heard == [.said(connection, .heartbeatAck(clientTime: 5, serverTime: time), correlation: "c1")])
        #expect(service.say(.deviceList, on: connection).errors == [.notAuthenticated])
        service.authenticate("u1", on: connection)
        #expect(service.say(.deviceList, on: connection).errors == [])
    }

    // MARK: Which session

    @Test func `a session is chosen by the envelope, the claim, the store, in this order`() {
        var service = SyncFixture()
        service.put("{}", in: .newest)
        _ = service.join("u1#\(String.claimed)", session: .named)
        #expect(service.welcomed.welcome?.sessionID == .named)
        _ = service.join("u1#\(String.claimed)")
        #expect(service.welcomed.welcome?.sessionID == .claimed)
        service.wait(.seconds(1))
        service.put("{}", in: .newest)
        _ = service.join("u1", device: "d2")
        #expect(service.welcomed.welcome?.sessionID == .newest)
    }

    @Test func `a session's id is the same one in upper case`() {
        var service = SyncFixture()
        let connection = service.open()
        let text = #"{"type":7,"session_id":"550E8400-E29B-41D4-A716-446655440000","payload":"#
        let heard = service.receive(text + #"{"token":"u1","device_id":"d1"}}"#, on: connection)
        #expect(heard.welcome?.sessionID == .named)
    }

    @Test func `a session of somebody else is refused, and open to an administrator`() {
        var service = SyncFixture()
        service.put("{}", in: .named, as: "u1")
        let stranger = service.join("u2", session: .named)
        #expect(service.welcomed.authFailures == [.sessionNotFound])
        #expect(service.welcomed.closes == [.unauthorized])
        service.close(stranger)
        _ = service.join("boss!", device: "d9", session: .named)
        #expect(service.welcomed.welcome?.sessionID == .named)
        #expect(service.welcomed.welcome?.userID == "boss" && service.welcomed.welcome?.roles == ["admin"])
    }

    @Test func `a session that is live but was never stored is its first user's`() {
        var service = SyncFixture()
        _ = service.join("u1", session: .named)
        _ = service.join("u2", session: .named)
        #expect(service.welcomed.authFailures == [.sessionNotFound])
    }

    @Test func `the 51st session of a user is refused`() {
        var service = SyncFixture()
        for number in 0..<50 { service.put("{}", in: .numbered(number)) }
        _ = service.join("u1", session: .named)
        #expect(service.welcomed.authFailures == [.sessionLimit])
        #expect(service.welcomed.closes == [.connectionLimit])
        #expect(service.put("{}", in: .named).code == "SESSION_LIMIT")
        #expect(service.put("{}", in: .named, as: "u2").status == .created)
    }

    // MARK: Credentials

    @Test(arguments: [
        ("invalid", SyncAuthFailureCode.invalidToken, CloseCode.unauthorized),
        ("expired", .tokenExpired, .unauthorized), ("revoked", .tokenRevoked, .revoked),
    ])
    func `a bad credential is named and closes`(token: String, code: SyncAuthFailureCode, close: CloseCode) {
        var service = SyncFixture()
        let connection = service.open()
        let heard = service.authenticate(token, on: connection)
        #expect(heard.authFailures == [code] && heard.closes == [close])
        #expect(service.say(.heartbeat(clientTime: nil), on: connection) == [])
        service.close(connection)
    }

    @Test func `an AUTH without a token is an invalid one`() {
        var service = SyncFixture()
        let connection = service.open()
        #expect(service.authenticate(nil, on: connection).authFailures == [.invalidToken])
    }

    @Test func `who says nothing is told and closed after ten seconds, and heartbeats do not help`() {
        var service = SyncFixture()
        let connection = service.open()
        for _ in 0..<9 {
            #expect(service.wait(.seconds(1)) == [])
            service.say(.heartbeat(clientTime: nil), on: connection)
        }
        let heard = service.wait(.seconds(1))
        #expect(heard.authFailures == [.authTimeout] && heard.closes == [.authTimeout])
    }

    @Test func `a device must be named, by the AUTH, its envelope or the claim`() {
        var service = SyncFixture()
        let connection = service.open()
        let heard = service.authenticate("u1", device: nil, on: connection)
        #expect(heard.authFailures == [.deviceRequired] && heard.closes == [.unauthorized])
        _ = service.join("u1@d7", device: nil)
        #expect(service.welcomed.welcome?.deviceID == "d7")
        let third = service.open()
        let message = SyncClientMessage.auth(SyncAuthentication(token: "u1", deviceID: nil))
        let envelope = SyncEnvelope(deviceID: "d8")
        #expect(service.say(message, on: third, envelope: envelope).welcome?.deviceID == "d8")
    }

    @Test func `an AUTH that contradicts its credential can be sent again`() {
        var service = SyncFixture()
        let connection = service.open()
        let message = SyncClientMessage.auth(SyncAuthentication(token: "u1", deviceID: "d1"))
        let wrongUser = service.say(message, on: connection, envelope: SyncEnvelope(userID: "u2"))
        #expect(wrongUser.errors == [.identityMismatch] && wrongUser.closes == [])
        #expect(wrongUser.last == .resumed(connection))
        #expect(service.authenticate("u1@d2", on: connection).errors == [.identityMismatch])
        #expect(service.authenticate("u1@d1", on: connection).welcome != nil)
    }

    @Test func `an envelope that names somebody else is refused`() {
        var service = SyncFixture()
        let connection = service.join("u1", session: .named)
        for envelope in [
            SyncEnvelope(userID: "u2"), SyncEnvelope(deviceID: "d2"), SyncEnvelope(sessionID: .claimed),
        ] {
            #expect(service.say(.deviceList, on: connection, envelope: envelope).errors == [.identityMismatch])
        }
        let own = SyncEnvelope(sessionID: .named, userID: "u1", deviceID: "d1")
        #expect(service.say(.deviceList, on: connection, envelope: own).errors == [])
    }

    // MARK: Again

    @Test func `a credential that ends is followed by 4541 after 25 seconds, and a new one prolongs it`() {
        var service = SyncFixture()
        let connection = service.join("brief")
        #expect(service.welcomed.welcome?.expiresAt == 1_705_314_660_000)
        #expect(service.wait(.seconds(84)).closes == [])
        #expect(service.wait(.seconds(1)).closes == [.tokenExpired])
        service.close(connection)
        let other = service.join("brief2", device: "d2")
        #expect(service.authenticate("brief2", device: "d2", on: other).welcome != nil)
        #expect(service.wait(.seconds(1)).closes == [.tokenExpired])
    }

    @Test(.timeLimit(.minutes(1))) func `a credential that ends in the year 9999 keeps no loop busy`() throws {
        var service = SyncFixture()
        let connection = service.join("eternal")
        #expect(service.welcomed.welcome != nil)
        for _ in 0..<20 {
            let due = try #require(service.machine.deadline)
            #expect(due > service.moment.instant)
            service.pong(on: connection)
            #expect(service.wait(.seconds(30)).closes == [])
        }
    }

    @Test func `without a credential one is anonymous where that is optional, and nobody's administrator`() {
        var service = SyncFixture {
            $0.isOpen = true
            $0.isOptional = true
        }
        _ = service.join("u1", device: "d1", session: .named)
        let stranger = service.open()
        let heard = service.say(
            .auth(SyncAuthentication(token: nil, deviceID: "d2")), on: stranger,
            envelope: SyncEnvelope(sessionID: .named, userID: "u1"))
        #expect(heard.welcome == nil)
        #expect(service.machine.adminCount == 0)
        let other = service.open()
        let welcome = service.authenticate(nil, device: "d3", on: other).welcome
        #expect(welcome?.userID == "anonymous" && welcome?.roles == [])
    }

    @Test func `a new credential must be of the same user, device and session`() {
        var service = SyncFixture()
        let connection = service.join("u1", session: .named)
        #expect(service.authenticate("u2", on: connection).errors == [.alreadyAuthenticated])
        #expect(service.authenticate("u1", device: "d2", on: connection).errors == [.identityMismatch])
        #expect(service.authenticate("u1", session: .claimed, on: connection).errors == [.identityMismatch])
        let heard = service.authenticate("u1!", session: .named, on: connection)
        #expect(heard.welcome?.roles == ["admin"] && service.machine.adminCount == 1)
        #expect(service.authenticate("revoked", on: connection).closes == [.revoked])
    }

    // MARK: With the handshake

    @Test func `a credential in the handshake is answered unprompted`() {
        var service = SyncFixture()
        _ = service.open(identity: Identity(user: "u1"), device: "d1")
        #expect(service.opened.welcome?.deviceID == "d1")
        _ = service.open(query: [("device_id", "d2"), ("device_type", "web")], identity: Identity(user: "u1"))
        #expect(service.opened.welcome?.deviceID == "d2")
        _ = service.open(identity: Identity(token: "u1@d3"), device: "d3")
        #expect(service.opened.welcome?.deviceID == "d3")
        _ = service.open(identity: Identity(user: "u1"))
        #expect(service.opened.authFailures == [.deviceRequired] && service.opened.closes == [.unauthorized])
        _ = service.open(identity: Identity(user: "u1"), device: "not an id")
        #expect(service.opened.authFailures == [.deviceRequired])
    }

    // MARK: Open mode

    @Test func `in open mode a token that is none is ignored`() {
        var service = SyncFixture { $0.isOpen = true }
        _ = service.join("invalid")
        #expect(service.welcomed.welcome?.userID == "anonymous" && service.welcomed.welcome?.roles == ["admin"])
        let other = service.open()
        let message = SyncClientMessage.auth(SyncAuthentication(token: nil, deviceID: "d2"))
        let heard = service.say(message, on: other, envelope: SyncEnvelope(userID: "u5"))
        #expect(heard.welcome?.userID == "u5")
        _ = service.join("revoked", device: "d3")
        #expect(service.welcomed.authFailures == [.tokenRevoked])
    }

    @Test func `in open mode nobody is closed for saying nothing`() {
        var service = SyncFixture { $0.isOpen = true }
        _ = service.open()
        #expect(service.wait(.seconds(60)) == [])
    }

    // MARK: The store

    @Test func `without the store nobody gets into a session that is not in memory`() {
        var service = SyncFixture()
        service.put("{}", in: .named)
        service.isStoreDown = true
        _ = service.join("u1", session: .named)
        #expect(service.welcomed.errors == [.storeUnavailable])
        #expect(service.welcomed.closes == [.backendUnavailable])
        _ = service.join("u1")
        #expect(service.welcomed.closes == [.backendUnavailable])
    }

    @Test func `live traffic goes on where a new session cannot be stored`() throws {
        var service = SyncFixture()
        service.answersStore = false
        let first = service.join("u1", session: .named)
        service.answerCall(at: 0)
        service.answerCall(at: 0)
        service.isStoreDown = true
        let heard = service.answerStore()
        #expect(heard.welcome?.version == 0)
        service.answersStore = true
        let second = service.join("u1", device: "d2", session: .named)
        #expect(service.welcomed.welcome?.devicesOnline == 2)
        let said = service.say(.broadcast(event: "hello", data: .emptyObject), on: second)
        #expect(said.messages(to: first) == [.broadcast(event: "hello", data: .emptyObject)])
    }

    @Test func `a damaged document is reported and left as it is`() {
        var service = SyncFixture()
        service.put("{}", in: .named)
        service.damage(.sessions, .named)
        _ = service.join("u1", session: .named)
        #expect(service.welcomed.errors == [.internal] && service.welcomed.closes == [.serverError])
        #expect(service.get(.named).code == "INTERNAL")
        #expect(service.put(#"{"a":1}"#, in: .named).code == "INTERNAL")
        #expect(service.document(.sessions, .named)?.body == [9])
        #expect(service.machine.counters.damagedDocuments == 2)
    }

    @Test func `a connection that goes while its session is looked up leaves nothing behind`() {
        var service = SyncFixture()
        service.answersStore = false
        let connection = service.open()
        service.authenticate("u1", session: .named, on: connection)
        service.close(connection)
        #expect(service.answerStore() == [])
        #expect(service.machine.statistics.connections == 0 && service.machine.heldSessionCount == 0)
    }

    @Test func `two devices that come to a new session at once share it`() {
        var service = SyncFixture()
        service.answersStore = false
        _ = service.join("u1", session: .named)
        _ = service.join("u1", device: "d2", session: .named)
        let welcomes = service.answerStore().compactMap { heard -> SyncWelcome? in [heard].welcome }
        #expect(welcomes.map(\.deviceID) == ["d1", "d2"])
        #expect(service.writes.filter { $0.key.collection == .sessions }.count == 1)
    }
}
