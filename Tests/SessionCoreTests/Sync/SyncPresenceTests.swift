import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Which devices are there (PROTOCOLS 1-23 to 1-25, 1-29, C3, §3.5).
@Suite struct SyncPresenceTests {
    /// What a device is told of others that leave.
    private func leaves(_ heard: [SyncFixture.Heard], to connection: ConnectionID) -> [String] {
        heard.messages(to: connection).compactMap { message in
            guard case .deviceLeft(let device, let reason, _) = message else { return nil }
            return "\(device) \(reason.rawValue)"
        }
    }

    private func devices(_ service: inout SyncFixture) -> JSONValue {
        service.request(.listDevices(session: .named)).json
    }

    @Test func `a device that closes properly has left at once`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        let second = service.join("u1", device: "d2")
        service.wait(.seconds(5))
        let heard = service.close(second)
        guard case .deviceLeft("d2", .closed, let seen)? = heard.messages(to: first).first else {
            Issue.record("nobody is told")
            return
        }
        #expect(seen.text == "2024-01-15T10:30:00.000Z")
        #expect(devices(&service)["devices"]?[1]?["status"] == "offline")
        #expect(devices(&service)["count"] == 2)
    }

    @Test func `a device that was cut off is lost after 15 seconds`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        let second = service.join("u1", device: "d2")
        #expect(service.close(second, cleanly: false) == [])
        #expect(devices(&service)["devices"]?[1]?["status"] == "online")
        #expect(leaves(service.wait(.seconds(14)), to: first) == [])
        #expect(leaves(service.wait(.seconds(1)), to: first) == ["d2 lost"])
        #expect(service.wait(.seconds(60)) == [])
    }

    @Test func `a device that returns in time announces nothing`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        let second = service.join("u1", device: "d2")
        service.close(second, cleanly: false)
        service.wait(.seconds(14))
        let third = service.join("u1", device: "d2")
        #expect(service.welcomed.messages(to: first) == [])
        #expect(service.wait(.seconds(60)) == [])
        #expect(leaves(service.close(third), to: first) == ["d2 closed"])
        _ = service.join("u1", device: "d2")
        #expect(service.welcomed.messages(to: first).count == 1, "now it joins again")
    }

    @Test func `a device that is silent for two minutes has timed out`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        let second = service.join("u1", device: "d2")
        for _ in 0..<4 {
            service.pong(on: first)
            #expect(service.wait(.seconds(29)) == [])
        }
        service.say(.heartbeat(clientTime: nil), on: first)
        let heard = service.wait(.seconds(4))
        #expect(leaves(heard, to: first) == ["d2 timeout"] && heard.closes == [.heartbeatTimeout])
        #expect(service.close(second, cleanly: false) == [])
    }

    @Test func `the newest connection of a device wins, and nobody hears of it`() {
        var service = SyncFixture()
        let other = service.join("u1", device: "d2", session: .named)
        let old = service.join("u1", session: .named)
        let new = service.join("u1", session: .named)
        #expect(service.welcomed.closes == [.superseded])
        #expect(service.welcomed.messages(to: other) == [])
        #expect(service.say(.deviceList, on: old) == [])
        #expect(service.close(old) == [], "the late close does not touch the new connection")
        service.update("a", .set, "1", on: other)
        #expect(service.log.messages(to: new).count == 2)
        #expect(service.machine.counters.takeovers == 1)
    }

    @Test func `DEVICE_LIST and the list over HTTP say the same`() {
        var service = SyncFixture()
        let first = service.open()
        let authentication = SyncAuthentication(
            token: "u1", deviceID: "d1", deviceType: .mobile, deviceName: "iPhone 13", osVersion: "17.1",
            appVersion: "2.1.0")
        service.say(.auth(authentication), on: first, envelope: SyncEnvelope(sessionID: .named))
        _ = service.join("u1", device: "d2")
        service.wait(.seconds(3))
        guard case .deviceList(let list)? = service.say(.deviceList, on: first).messages(to: first).last else {
            Issue.record("no list")
            return
        }
        #expect(list.map(\.id) == ["d1", "d2"])
        #expect(list[0].name == "iPhone 13" && list[0].type == .mobile && list[0].osVersion == "17.1")
        #expect(list[0].appVersion == "2.1.0" && list[0].connectionID == "1")
        #expect(list[0].lastSeen == service.moment.timestamp)
        #expect(list[1].lastSeen?.text == "2024-01-15T10:30:00.000Z")
        let response = devices(&service)
        #expect(response["session_id"]?.string == .named && response["count"] == 2)
        let fromHTTP = (response["devices"]?.elements ?? []).map { try? SyncDevice($0) }
        #expect(fromHTTP == list.map { $0 })
    }

    @Test func `a session has at most 20 devices, and those that are gone give way`() {
        var service = SyncFixture()
        var connections = [service.join("u1", device: "d0", session: .named)]
        for number in 1..<20 { connections.append(service.join("u1", device: "d\(number)")) }
        #expect(service.welcomed.welcome?.devicesOnline == 20)
        _ = service.join("u1", device: "d20")
        #expect(service.welcomed.authFailures == [.deviceLimit] && service.welcomed.closes == [.connectionLimit])
        service.close(connections[3], cleanly: false)
        _ = service.join("u1", device: "d20")
        #expect(service.welcomed.authFailures == [.deviceLimit], "one that may return keeps its place")
        service.wait(.seconds(15))
        for connection in connections where connection != connections[3] { service.pong(on: connection) }
        _ = service.join("u1", device: "d20")
        #expect(service.welcomed.welcome?.devicesOnline == 20)
        #expect(devices(&service)["count"] == 20)
        #expect(devices(&service)["devices"]?.elements?.contains { $0["device_id"] == "d3" } == false)
    }

    @Test func `a device that is deleted is closed, told of, and forgotten`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        let second = service.join("u1", device: "d2")
        let number = service.post(
            .disconnectDevice(SyncDisconnection(session: .named, device: "d2")))
        let response = service.responses[number]
        #expect(response?.status == .ok)
        #expect(
            response?.json == [
                "session_id": .string(.named), "device_id": "d2", "status": "disconnected", "connections_closed": 1,
            ])
        #expect(leaves(service.log, to: first) == ["d2 removed"])
        #expect(service.log.closes == [.kicked])
        #expect(service.close(second) == [])
        #expect(devices(&service)["count"] == 1)
        let again = service.request(.disconnectDevice(SyncDisconnection(session: .named, device: "d2")))
        #expect(again.status == .notFound && again.code == "DEVICE_NOT_FOUND")
    }

    // MARK: The registry

    @Test func `devices that were there are listed after a restart`() {
        var service = SyncFixture()
        service.close(service.join("u1", session: .named, type: .tablet))
        var restarted = SyncFixture()
        restarted.store = service.store
        restarted.wait(.seconds(60))
        let list = devices(&restarted)
        #expect(list["devices"]?[0]?["device_id"] == "d1" && list["devices"]?[0]?["status"] == "offline")
        #expect(list["devices"]?[0]?["device_type"] == "tablet")
        #expect(list["devices"]?[0]?["last_seen"] == "2024-01-15T10:30:00.000Z")
        #expect(list["devices"]?[0]?["connection_id"] == .null)
    }

    @Test func `the registry is written at most every 30 seconds for a device`() {
        var service = SyncFixture()
        func count() -> Int { service.writes.filter { $0.key.collection == .devices }.count }
        for _ in 0..<10 {
            service.close(service.join("u1", session: .named))
            service.wait(.seconds(1))
        }
        #expect(count() == 1)
        service.wait(.seconds(20))
        #expect(count() == 2)
        service.wait(.seconds(3600))
        #expect(count() == 2)
        #expect(service.machine.heldSessionCount == 0)
    }

    @Test func `while the server drains every change is written at once`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.machine.stopping()
        let before = service.writes.count
        service.close(device)
        #expect(service.writes.count == before + 1)
    }

    @Test func `a device that stays is noted in the registry now and then, and keeps its session alive`() {
        var service = SyncFixture { $0.sessionLife = .seconds(7200) }
        let device = service.join("u1", session: .named)
        func count() -> Int { service.writes.filter { $0.key.collection == .devices }.count }
        for _ in 0..<60 {
            service.wait(.seconds(30))
            service.pong(on: device)
        }
        #expect((2...4).contains(count()))
        for _ in 0..<300 {
            service.wait(.seconds(60))
            service.pong(on: device)
        }
        #expect(service.document(.sessions, .named) != nil)
        service.close(device)
        service.wait(.seconds(7200))
        #expect(service.document(.sessions, .named) == nil)
    }

    @Test func `a registry that another node wrote is merged`() {
        var service = SyncFixture()
        let first = service.join("u1", session: .named)
        var elsewhere = SyncFixture()
        elsewhere.store = service.store
        _ = elsewhere.join("u1", device: "d2", session: .named)
        service.store = elsewhere.store
        service.wait(.seconds(31))
        _ = service.join("u1", device: "d3")
        #expect(devices(&service)["count"] == 3)
        service.request(.disconnectDevice(SyncDisconnection(session: .named, device: "d2")))
        #expect(devices(&service)["count"] == 2)
        service.pong(on: first)
    }

    @Test func `a registry that cannot be written is written later`() {
        var service = SyncFixture()
        service.answersStore = false
        let device = service.join("u1", session: .named)
        for _ in 0..<3 { service.answerCall(at: 0) }
        service.isStoreDown = true
        service.answerStore()
        #expect(service.document(.devices, .named) == nil)
        service.isStoreDown = false
        service.answersStore = true
        service.wait(.seconds(30))
        #expect(service.document(.devices, .named) != nil)
        service.close(device)
    }

    @Test func `a device is not deleted before that is durable`() {
        var service = SyncFixture()
        _ = service.join("u1", session: .named)
        service.answersStore = false
        let number = service.post(.disconnectDevice(SyncDisconnection(session: .named, device: "d1")))
        #expect(service.responses[number] == nil)
        service.answerStore()
        #expect(service.responses[number]?.status == .ok)
    }

    @Test func `in open mode a write over HTTP registers its device, offline`() {
        var service = SyncFixture { $0.isOpen = true }
        service.put("{}", as: "nobody", device: "d1")
        let list = service.request(.listDevices(session: .named), as: "nobody").json
        #expect(list["count"] == 1 && list["devices"]?[0]?["status"] == "offline")
        let deletion = SyncDisconnection(session: .named, device: "d1")
        let response = service.request(.disconnectDevice(deletion), as: "nobody")
        #expect(response.json["connections_closed"] == 0)
        var closed = SyncFixture()
        closed.put("{}", device: "d1")
        #expect(devices(&closed)["count"] == 0)
    }
}
