import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Whole states over HTTP (PROTOCOLS 1-14, 1-28, 1-29, §3.3).
@Suite struct SyncSnapshotTests {
    @Test func `a snapshot is created, read and given an entity tag`() {
        var service = SyncFixture()
        let created = service.put(#"{"a":1}"#, device: "d1", version: 1)
        #expect(created.status == .created && created.fields["ETag"] == #""1""#)
        #expect(created.json["version"] == 1 && created.json["created"] == true)
        #expect(created.json["size_bytes"] == 7)
        #expect(created.json["expires_at"]?.string == "2024-01-22T10:30:00.000Z")
        let read = service.get()
        #expect(read.status == .ok && read.fields["ETag"] == #""1""#)
        #expect(read.json["state_data"] == ["a": 1] && read.json["user_id"] == "u1")
        #expect(read.json["device_id"] == "d1" && read.json["app_version"] == .null)
    }

    @Test func `nobody sees a session of somebody else`() {
        var service = SyncFixture()
        service.put(#"{"a":1}"#)
        #expect(service.get(as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.put("{}", as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.patch("{}", base: 1, as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.resolve("{}", .merge, version: 1, as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.request(.listDevices(session: .named), as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.request(.deleteSession(session: .named), as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.get(as: "boss!").status == .ok)
        #expect(service.get(.claimed).status == .notFound)
    }

    @Test(
        arguments: [
            (nil, HTTPStatus.created), (0, .created), (1, .created), (2, .conflict), (7, .conflict),
        ] as [(UInt64?, HTTPStatus)])
    func `a new session begins with version 1`(version: UInt64?, status: HTTPStatus) {
        var service = SyncFixture()
        #expect(service.put("{}", version: version).status == status)
    }

    @Test(
        arguments: [
            (nil, HTTPStatus.ok), (3, .ok), (4, .conflict), (2, .conflict), (1, .conflict), (0, .conflict),
        ] as [(UInt64?, HTTPStatus)])
    func `a session of version 2 takes version 3 next`(version: UInt64?, status: HTTPStatus) {
        var service = SyncFixture()
        service.put(#"{"a":1}"#)
        service.put(#"{"a":2}"#)
        let response = service.put(#"{"a":3}"#, version: version)
        #expect(response.status == status)
        if status == .conflict {
            #expect(response.code == "VERSION_CONFLICT" && response.json["details"]?["server_version"] == 2)
        } else {
            #expect(response.json["version"] == 3 && response.json["created"] == false)
        }
    }

    @Test func `a version that stands already is confirmed where the state is the same`() {
        var service = SyncFixture()
        service.put(#"{"a":1,"b":[1.0]}"#)
        let again = service.put(#"{"b":[1],"a":1e0}"#, version: 1)
        #expect(again.status == .ok && again.json["version"] == 1 && again.json["created"] == false)
        #expect(service.put(#"{"a":1}"#, version: 1).code == "VERSION_CONFLICT")
    }

    @Test func `where versions are required a write without one is a conflict`() {
        var service = SyncFixture { $0.requiresVersion = true }
        #expect(service.put("{}").status == .created)
        #expect(service.put("{}").code == "VERSION_CONFLICT")
        #expect(service.put("{}", ifMatch: .versions([1])).status == .ok)
        #expect(service.put("{}", version: 3).status == .ok)
    }

    @Test func `an If-Match that does not hold is 412`() {
        var service = SyncFixture()
        let missing = service.put("{}", ifMatch: .any)
        #expect(missing.status == .preconditionFailed && missing.code == "VERSION_CONFLICT")
        service.put("{}")
        #expect(service.put("{}", ifMatch: .versions([2])).status == .preconditionFailed)
        #expect(service.put("{}", ifMatch: .versions([1])).json["version"] == 2)
        #expect(service.put("{}", ifMatch: .any).json["version"] == 3)
    }

    @Test func `a state that the client has is not sent again`() {
        var service = SyncFixture()
        service.put(#"{"a":1}"#)
        let same = service.get(unless: .versions([1]))
        #expect(same.status == .notModified && same.body.isEmpty && same.fields["ETag"] == #""1""#)
        #expect(service.get(unless: .versions([2])).status == .ok)
        #expect(service.get(unless: .any).status == .notModified)
    }

    @Test func `a body that names another user or device than the credential is 403`() {
        var service = SyncFixture()
        let write = SyncSnapshotWrite(session: .named, user: "u2", state: .emptyObject)
        let mismatch = service.request(.putSnapshot(write), as: "u1")
        #expect(mismatch.status == .forbidden && mismatch.code == "IDENTITY_MISMATCH")
        #expect(service.put("{}", as: "u1@d1", device: "d2").code == "IDENTITY_MISMATCH")
        #expect(service.put("{}", as: "u1@d1", device: "d1").status == .created)
        #expect(service.request(.putSnapshot(write), as: "boss!").status == .ok)
        #expect(service.get().json["user_id"] == "u1", "an administrator does not become the owner")
    }

    @Test func `a session is found as long as it was used within seven days`() {
        var service = SyncFixture()
        service.put("{}")
        service.wait(.seconds(6 * 86_400))
        #expect(service.get().json["expires_at"]?.string == "2024-01-28T10:30:00.000Z")
        service.wait(.seconds(6 * 86_400))
        #expect(service.get().status == .ok)
        service.wait(.seconds(7 * 86_400))
        #expect(service.get().code == "SESSION_NOT_FOUND")
        #expect(service.put("{}").status == .created)
    }

    @Test func `the devices of a session are told to fetch it`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.put("{}", device: "d1")
        let message = SyncServerMessage.broadcast(event: "session_replaced", data: .json(#"{"version":1}"#))
        #expect(service.log.messages(to: device).last == message, "the device that is named is told too")
        service.put("{}", version: 1)
        #expect(service.envelopes[device]?.sequence == 2, "what changes nothing is not told")
    }

    @Test func `a session is removed with its devices`() {
        var service = SyncFixture()
        service.put("{}")
        let device = service.join("u1", session: .named)
        let number = service.post(.deleteSession(session: .named))
        #expect(service.responses[number]?.status == .noContent)
        #expect(service.log.last == .closed(device, .kicked))
        service.close(device)
        #expect(service.document(.sessions, .named) == nil && service.document(.devices, .named) == nil)
        #expect(service.get().status == .notFound)
        #expect(service.request(.deleteSession(session: .named)).status == .notFound)
        #expect(service.machine.heldSessionCount == 0)
        #expect(service.put("{}").status == .created)
    }

    @Test func `without the store every request is 503`() {
        var service = SyncFixture()
        service.put("{}")
        service.isStoreDown = true
        let calls: [SyncCall] = [
            .getSnapshot(session: .named, unless: nil), .listDevices(session: .named),
            .deleteSession(session: .named),
            .patch(SyncPatch(session: .named, user: "u1", baseVersion: 1, changes: .emptyObject)),
            .redeemHandoff(SyncHandoffRedemption(session: .named, token: "t")),
            .offerHandoff(SyncHandoffOffer(session: .named, source: "a", target: "b")),
            .disconnectDevice(SyncDisconnection(session: .named, device: "d1")),
        ]
        for call in calls {
            let response = service.request(call)
            #expect(response.status == .serviceUnavailable && response.code == "STORE_UNAVAILABLE", "\(call.name)")
        }
        service.isStoreDown = false
        #expect(service.get().status == .ok)
    }

    @Test func `at most ten thousand operations wait for the store`() {
        var service = SyncFixture()
        service.answersStore = false
        service.isChecked = false
        for number in 0..<10_000 { _ = service.post(.getSnapshot(session: .numbered(number % 100), unless: nil)) }
        let refused = service.post(.getSnapshot(session: .named, unless: nil))
        #expect(service.responses[refused]?.code == "STORE_UNAVAILABLE")
        service.answerStore()
        service.machine.checkInvariants()
        #expect(service.responses.count == 10_001 && service.machine.statistics.waiting == 0)
    }

    @Test func `sessions that nobody uses leave memory but for a small cache`() {
        var service = SyncFixture()
        let state = "{\"a\":\"" + String(repeating: "x", count: 100_000) + "\"}"
        for number in 0..<200 { service.put(state, in: .numbered(number), as: "u\(number)") }
        #expect(service.machine.heldSessionCount < 45)
        let reads = service.reads.count
        service.put(state, in: .numbered(199), as: "u199")
        #expect(service.reads.count == reads, "the state is still there")
        service.put(state, in: .numbered(0), as: "u0")
        #expect(service.reads.count == reads + 1)
    }
}
