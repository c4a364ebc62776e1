import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What administrators do and see (PROTOCOLS 1-31, C17, §3.3, §3.4), and how connections are spread over loops.
@Suite struct SyncAdministrationTests {
    private func broadcast(
        _ target: SyncAdminBroadcast.Target, in service: inout SyncFixture
    ) -> (count: Int, heard: [SyncFixture.Heard]) {
        var count = 0
        let message = SyncAdminBroadcast(message: "System maintenance", target: target)
        let heard = service.perform { count = $0.broadcast(message, at: $1, effects: &$2) }
        return (count, heard)
    }

    @Test func `administrators get ADMIN_UPDATE, and others BROADCAST where they are meant`() {
        var service = SyncFixture()
        let admin = service.join("boss!", device: "d9", session: .claimed)
        let first = service.join("u1", session: .named)
        let second = service.join("u2", session: .newest)
        let (count, heard) = broadcast(.admins, in: &service)
        let update = SyncAdminUpdate(kind: .notification, type: "notification", message: "System maintenance")
        #expect(count == 1 && heard == [.said(admin, .adminUpdate(update))])

        let data = JSONFragment.json(#"{"type":"notification","message":"System maintenance"}"#)
        let message = SyncServerMessage.broadcast(event: "message", data: data)
        #expect(broadcast(.all, in: &service).count == 3)
        #expect(broadcast(.user("u1"), in: &service).heard == [.said(first, message)])
        #expect(broadcast(.session(.newest), in: &service).heard == [.said(second, message)])
        #expect(broadcast(.session(.numbered(1)), in: &service).count == 0)
        #expect(service.envelopes[second]?.sequence == nil, "it is no push of the session")
    }

    @Test func `administrators of all loops hear of devices and sessions`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named, type: .mobile)
        service.close(device)
        let events = service.news.map { "\($0["kind"]?.string ?? "") \($0["data"]?["event"]?.string ?? "")" }
        #expect(events == ["session session_created", "connection connected", "connection disconnected"])
        #expect(service.news[1]["data"]?["device_type"] == "mobile")
        #expect(service.news[2]["data"]?["reason"] == "closed")
        let admin = service.join("boss!", session: .claimed)
        let payload = [UInt8](#"{"kind":"metrics","data":{"a":1}}"#.utf8)
        let heard = service.perform { $0.inform(payload.span, at: $1, effects: &$2) }
        let update = SyncAdminUpdate(kind: .metrics, data: .json(#"{"a":1}"#))
        #expect(heard == [.said(admin, .adminUpdate(update))])
    }

    @Test func `in open mode only who brought a credential hears of others`() {
        var service = SyncFixture { $0.isOpen = true }
        let anybody = service.join("invalid")
        let admin = service.join("boss!", device: "d9")
        #expect(service.machine.adminCount == 1)
        let payload = [UInt8](#"{"kind":"metrics","data":{}}"#.utf8)
        let heard = service.perform { $0.inform(payload.span, at: $1, effects: &$2) }
        #expect(heard == [.said(admin, .adminUpdate(SyncAdminUpdate(kind: .metrics)))])
        let (count, told) = broadcast(.admins, in: &service)
        #expect(count == 2 && told.messages(to: anybody).count == 1)
        service.close(admin)
        #expect(service.machine.adminCount == 0)
    }

    @Test func `nothing is told while nobody listens`() {
        var service = SyncFixture()
        service.machine.informs = false
        service.close(service.join("u1"))
        #expect(service.news.isEmpty)
    }

    @Test func `a connection is disconnected, and its device gone at once`() {
        var service = SyncFixture()
        let device = service.join("u1", device: "d1", session: .named)
        let watcher = service.join("u1", device: "d2", session: .named)
        var isThere = false
        service.perform { isThere = $0.disconnect(device, .forceReconnect, at: $1, effects: &$2) }
        #expect(isThere && service.log.contains(.closed(device, .forceReconnect)))
        #expect(service.log.messages(to: watcher).last?.kind == .deviceLeft)
        service.perform { isThere = $0.disconnect(device, .kicked, at: $1, effects: &$2) }
        #expect(!isThere)
    }

    @Test(arguments: [
        (Revocation.Target.user("u1"), 2), (.token("jti-u1"), 1), (.session(.named), 2),
        (.issuedBefore(Timestamp(milliseconds: 1_705_314_600_001)), 4),
        (.issuedBefore(Timestamp(milliseconds: 1_705_314_600_000)), 3), (.user("u9"), 0),
    ])
    func `what is revoked is closed with 4440`(target: Revocation.Target, count: Int) {
        var service = SyncFixture()
        _ = service.join("u1", session: .named)
        _ = service.join("u1!", device: "d2", session: .named)
        _ = service.join("u2", session: .claimed)
        _ = service.join("brief", session: .newest)
        let before = service.log.count
        let revocation = Revocation(id: "r1", target: target, createdAt: service.moment.timestamp)
        var closed = 0
        service.perform { closed = $0.revoke(revocation, at: $1, effects: &$2) }
        #expect(closed == count)
        #expect(Array(service.log[before...]).closes == [CloseCode](repeating: .revoked, count: count))
    }

    @Test func `nobody without a credential is revoked`() {
        var service = SyncFixture { $0.isOpen = true }
        _ = service.join("invalid")
        let target = Revocation.Target.issuedBefore(Timestamp(milliseconds: .max))
        let revocation = Revocation(id: "r1", target: target, createdAt: service.moment.timestamp)
        var closed = 0
        service.perform { closed = $0.revoke(revocation, at: $1, effects: &$2) }
        #expect(closed == 0)
    }

    @Test func `statistics tell what there is`() {
        var service = SyncFixture()
        _ = service.join("u1", device: "d1", session: .named, type: .mobile)
        _ = service.join("u1", device: "d2", session: .named, type: .web)
        _ = service.join("u2!", device: "d3", session: .claimed)
        _ = service.open()
        service.update("a", .set, "1", on: service.join("u1", device: "d4", session: .named, type: .web))
        service.get()
        let statistics = service.machine.statistics
        #expect(statistics.connections == 5 && statistics.admins == 1 && statistics.users == 2)
        #expect(statistics.activeSessions == 2 && statistics.multiDeviceSessions == 1 && statistics.devices == 4)
        #expect(statistics.devicesByType == [1, 0, 0, 2, 0, 1])
        let counters = service.machine.counters
        #expect(counters.received(of: .auth) == 4 && counters.sent(of: .authSuccess) == 4)
        #expect(counters.snapshotWrites.count(at: service.moment.instant) == 1 && counters.snapshotReads.total == 1)
        #expect(counters.writeLatency.count == 1 && counters.readLatency.count == 1)
        #expect(counters.peakConnections == 5)
        var sum = counters
        sum.merge(counters)
        #expect(sum.received(of: .auth) == 8 && sum.snapshotWrites.count(at: service.moment.instant) == 2)
        service.wait(.seconds(60))
        #expect(service.machine.counters.snapshotWrites.count(at: service.moment.instant) == 0)
    }

    @Test func `sessions are shown with their devices`() {
        var service = SyncFixture()
        let device = service.join("u1", session: .named)
        service.update("a", .set, "1", on: device)
        let view = service.machine.session(.named, at: service.moment)
        #expect(view?.id == .named && view?.user == "u1" && view?.version == 1)
        #expect(view?.devices.map(\.id) == ["d1"])
        #expect(service.machine.device(of: device)?.session == .named)
        #expect(service.machine.session(.claimed, at: service.moment) == nil)
    }

    // MARK: Loops

    @Test func `a connection moves to the loop that owns its session, and goes on there`() {
        let shares = (0..<2).map { shard in
            SyncFixture {
                $0.shard = shard
                $0.shardCount = 2
            }
        }
        let owner = shares[0].machine.configuration.shard(ofSession: .named)
        var home = shares[owner]
        var away = shares[1 - owner]
        let connection = away.join("u1", device: "d1", session: .named)
        #expect(away.welcomed.spoken == [.moved(connection, shard: owner)])
        #expect(away.welcomed.contains(.resumed(connection)) == false)
        let passenger = away.machine.depart(connection)
        away.machine.checkInvariants()
        let arrived = ConnectionID(slot: 77, generation: 1)
        let heard = home.perform { $0.arrive(arrived, passenger, at: $1, effects: &$2) }
        #expect(heard.welcome?.sessionID == .named && heard.last == .resumed(arrived))
        home.update("a", .set, "1", on: arrived)
        #expect(home.state(on: arrived) == ["a": 1])
    }

    @Test func `all who come for a user's first session meet on one loop`() {
        var shares = (0..<3).map { shard in
            SyncFixture {
                $0.shard = shard
                $0.shardCount = 3
            }
        }
        let moves = shares.indices.map { shard -> [SyncFixture.Heard] in
            _ = shares[shard].join("u1")
            return shares[shard].welcomed.spoken
        }
        let home = moves.indices.filter { moves[$0].welcome != nil }
        #expect(home.count == 1)
        for shard in moves.indices where shard != home[0] {
            guard case .moved(_, shard: home[0])? = moves[shard].first else {
                Issue.record("a connection stays away")
                continue
            }
        }
        let session = moves[home[0]].welcome?.sessionID ?? ""
        #expect(shares[0].machine.configuration.shard(ofSession: session) == home[0])
    }

    @Test func `two devices that come for a first session at once share it`() {
        var service = SyncFixture()
        service.answersStore = false
        let first = service.join("u1")
        let second = service.join("u1", device: "d2")
        service.answerStore()
        #expect(service.session(of: first) == service.session(of: second))
        #expect(service.machine.statistics.activeSessions == 1)
    }

    @Test func `who stops being an administrator loses the session of somebody else`() {
        var service = SyncFixture()
        service.put("{}")
        let admin = service.join("boss!", session: .named)
        #expect(service.authenticate("boss", on: admin).authFailures == [.sessionNotFound])
    }
}
