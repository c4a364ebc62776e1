import SessionBase
import SessionCodec
import SessionCore
import Testing

/// From a connection to a device of a session (PROTOCOLS 1-2, 1-5, 1-10, 1-28, §3.5).
@Suite struct SyncJoiningTests {
    static let session = "550e8400-e29b-41d4-a716-446655440000"
    static let other = "550e8400-e29b-41d4-a716-446655440001"

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
}

extension SyncFixture {
    /// What the store holds under a name.
    func document(_ collection: DocumentCollection, _ name: String) -> Document? {
        var copy = store
        guard case .found(let document) = copy.handle(.read(DocumentKey(collection, name)), at: moment.timestamp)
        else { return nil }
        return document
    }

    /// Stores a state as a user.
    @discardableResult
    mutating func put(
        _ state: String, in session: String = SyncJoiningTests.session, as user: String = "u1", device: String? = nil,
        version: UInt64? = nil, ifMatch condition: VersionCondition? = nil
    ) -> HTTPResponse {
        guard let state = try? JSONFragment.parse(state) else { preconditionFailure("the state is no JSON") }
        let write = SyncSnapshotWrite(
            session: session, user: Identity(token: user).user, state: state, device: device, version: version,
            condition: condition)
        return request(.putSnapshot(write), as: user)
    }

    /// Reads a state as a user.
    @discardableResult
    mutating func get(
        _ session: String = SyncJoiningTests.session, as user: String = "u1", unless condition: VersionCondition? = nil
    ) -> HTTPResponse {
        request(.getSnapshot(session: session, unless: condition), as: user)
    }
}
