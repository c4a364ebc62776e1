import SessionBase
import SessionCodec
import SessionCore
import Testing

/// A session is handed to another device (PROTOCOLS 1-18 to 1-22, §3.3, §3.5; seed 001, *Handoff Flow*).
@Suite struct SyncHandoffTests {
    private struct Scene {
        var service: SyncFixture
        let phone: ConnectionID
        let tablet: ConnectionID

        init(_ configure: (inout SyncConfiguration) -> Void = { _ in }) {
            service = SyncFixture(configure)
            service.put(#"{"a":1}"#)
            phone = service.join("u1", device: "phone", session: .named)
            tablet = service.join("u1", device: "tablet", session: .named)
        }

        @discardableResult
        mutating func offer(
            from source: String = "phone", to target: String = "tablet", replaces: Bool = false,
            disconnects: Bool = false, caller: String? = nil, as user: String = "u1"
        ) -> HTTPResponse {
            service.request(
                .offerHandoff(
                    SyncHandoffOffer(
                        session: .named, source: source, target: target, replaces: replaces,
                        disconnectsSource: disconnects, caller: caller)), as: user)
        }

        @discardableResult
        mutating func redeem(
            _ token: String, by device: String? = "tablet", peeking: Bool = false, as user: String = "u1"
        ) -> HTTPResponse {
            service.request(
                .redeemHandoff(
                    SyncHandoffRedemption(session: .named, token: token, caller: device, isPeek: peeking)), as: user)
        }

        /// The events that a device was told, with their data.
        func events(to connection: ConnectionID) -> [(event: String, data: JSONValue)] {
            service.log.messages(to: connection).compactMap { message in
                guard case .broadcast(let event, let data) = message else { return nil }
                return (event, data.value)
            }
        }
    }

    @Test func `a session goes from the phone to the tablet`() throws {
        var scene = Scene()
        let offered = scene.offer()
        #expect(offered.status == .created && offered.json["expires_in"] == 300)
        #expect(offered.json["expires_at"] == "2024-01-15T10:35:00.000Z" && offered.json["state_version"] == 1)
        #expect(offered.fields["Cache-Control"] == "no-store")
        let token = try #require(offered.json["token"]?.string)
        #expect(token.utf8.count == 43)
        let offer = scene.events(to: scene.tablet)
        #expect(offer.map(\.event) == ["handoff_offer"] && offer[0].data["token"]?.string == token)
        #expect(scene.events(to: scene.phone).isEmpty, "the offer is for the target alone")

        scene.service.update("a", .set, "2", on: scene.phone)
        let taken = scene.redeem(token)
        #expect(taken.status == .ok && taken.json["valid"] == true && taken.json["state_data"] == ["a": 2])
        #expect(taken.json["version"] == 2 && taken.json["state_version_at_offer"] == 1)
        let completed = scene.events(to: scene.phone)
        #expect(completed.map(\.event) == ["handoff_completed"] && completed[0].data["token"] == nil)
        #expect(scene.service.machine.user(of: scene.phone) == "u1", "the source stays connected")
    }

    @Test func `a token is good once, and 30 seconds more for the same device`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        #expect(scene.redeem(token).status == .ok)
        scene.service.wait(.seconds(29))
        #expect(scene.redeem(token).status == .ok)
        #expect(scene.redeem(token, by: nil).code == "HANDOFF_CONSUMED")
        #expect(scene.events(to: scene.phone).count == 1, "the source is told once")
        scene.service.wait(.seconds(1))
        let over = scene.redeem(token)
        #expect(over.status == .gone && over.code == "HANDOFF_CONSUMED")
    }

    @Test func `without a named device the second request is too late`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        #expect(scene.redeem(token, by: nil).status == .ok)
        #expect(scene.redeem(token, by: nil).code == "HANDOFF_CONSUMED")
        #expect(scene.redeem(token).code == "HANDOFF_CONSUMED")
    }

    @Test func `a look leaves the token as it is`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        #expect(scene.redeem(token, peeking: true).json["state_data"] == ["a": 1])
        #expect(scene.redeem(token, peeking: true).status == .ok)
        #expect(scene.events(to: scene.phone).isEmpty)
        #expect(scene.redeem(token).status == .ok)
    }

    @Test func `the wrong device is judged before anything else`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        let wrong = scene.redeem(token, by: "watch")
        #expect(wrong.status == .forbidden && wrong.code == "HANDOFF_WRONG_DEVICE")
        scene.redeem(token)
        #expect(scene.redeem(token, by: "watch").code == "HANDOFF_WRONG_DEVICE")
        #expect(scene.redeem(token, by: nil, as: "u1@watch").code == "HANDOFF_WRONG_DEVICE")
        #expect(scene.redeem("nonsense").code == "HANDOFF_NOT_FOUND")
        #expect(scene.redeem(token, as: "u2").code == "SESSION_NOT_FOUND")
    }

    @Test func `where that is strict a target must say who it is`() {
        var scene = Scene { $0.isHandoffStrict = true }
        let token = scene.offer().json["token"]?.string ?? ""
        #expect(scene.redeem(token, by: nil).code == "HANDOFF_WRONG_DEVICE")
        #expect(scene.redeem(token, by: nil, as: "u1@tablet").status == .ok)
    }

    @Test func `an offer that nobody takes expires, and the source is told`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        for _ in 0..<10 {
            scene.service.wait(.seconds(30))
            scene.service.pong(on: scene.phone)
            scene.service.pong(on: scene.tablet)
        }
        #expect(scene.events(to: scene.phone).map(\.event) == ["handoff_expired"])
        let expired = scene.redeem(token)
        #expect(expired.status == .gone && expired.code == "HANDOFF_EXPIRED")
        #expect(scene.redeem(token, by: "watch").code == "HANDOFF_WRONG_DEVICE")
        #expect(scene.events(to: scene.phone).count == 1)
    }

    @Test func `a second offer of the same pair waits for the first, or replaces it`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        let pending = scene.offer()
        #expect(pending.status == .conflict && pending.code == "HANDOFF_PENDING")
        #expect(pending.json["details"] == ["expires_at": "2024-01-15T10:35:00.000Z"])
        #expect(scene.offer(caller: "phone").json["details"]?["token"]?.string == token)
        #expect(scene.offer(caller: "tablet").json["details"]?["token"] == nil)
        #expect(scene.offer(as: "u1@phone").json["details"]?["token"]?.string == token)
        #expect(scene.offer(to: "watch").status == .created, "another pair is another offer")
        let replaced = scene.offer(replaces: true)
        #expect(replaced.status == .created)
        #expect(scene.redeem(token).code == "HANDOFF_CONSUMED")
        #expect(scene.redeem(replaced.json["token"]?.string ?? "").status == .ok)
    }

    @Test func `the source must be a device of the session`() {
        var scene = Scene()
        #expect(scene.offer(from: "watch").code == "DEVICE_NOT_FOUND")
        #expect(scene.offer(as: "u2").code == "SESSION_NOT_FOUND")
        scene.service.close(scene.phone)
        #expect(scene.offer().status == .created, "it may be offline")
        var open = SyncFixture { $0.isOpen = true }
        open.put("{}", as: "nobody")
        let offer = SyncHandoffOffer(session: .named, source: "watch", target: "tablet")
        #expect(open.request(.offerHandoff(offer), as: "nobody").status == .created)
        #expect(open.request(.listDevices(session: .named), as: "nobody").json["count"] == 1)
    }

    @Test func `the source is disconnected where that was wanted`() {
        var scene = Scene()
        let token = scene.offer(disconnects: true).json["token"]?.string ?? ""
        scene.redeem(token)
        #expect(scene.events(to: scene.phone).map(\.event) == ["handoff_completed"])
        #expect(
            scene.service.log.last { if case .closed = $0 { true } else { false } } == .closed(scene.phone, .kicked))
    }

    @Test func `offers outlive a restart`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        var restarted = Scene()
        restarted.service.store = scene.service.store
        #expect(restarted.redeem(token).status == .ok)
        scene.service.store = restarted.service.store
        #expect(scene.redeem(token, by: nil).code == "HANDOFF_CONSUMED", "another node took it first")
    }

    @Test func `a token is never good twice, however its requests come together`() {
        var scene = Scene()
        let token = scene.offer().json["token"]?.string ?? ""
        scene.service.answersStore = false
        let call = SyncCall.redeemHandoff(SyncHandoffRedemption(session: .named, token: token))
        let numbers = (0..<5).map { _ in scene.service.post(call, as: "u1") }
        scene.service.answerStore()
        let statuses = numbers.compactMap { scene.service.responses[$0]?.status }
        #expect(statuses.filter { $0 == .ok }.count == 1 && statuses.filter { $0 == .gone }.count == 4)
    }

    @Test func `an offer is answered once it is durable, and not where the store is down`() {
        var scene = Scene()
        scene.service.answersStore = false
        let offer = SyncCall.offerHandoff(SyncHandoffOffer(session: .named, source: "phone", target: "tablet"))
        let number = scene.service.post(offer)
        scene.service.answerCall(at: 0)
        #expect(scene.service.responses[number] == nil && scene.events(to: scene.tablet).isEmpty)
        scene.service.isStoreDown = true
        scene.service.answerStore()
        #expect(scene.service.responses[number]?.code == "STORE_UNAVAILABLE")
        scene.service.isStoreDown = false
        scene.service.answersStore = true
        #expect(scene.offer().status == .created)
    }
}
