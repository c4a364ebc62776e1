import SessionBase
import SessionCodec
import SessionCore
import SessionServer
import Testing

/// What administrators see and do (seed 001, *Admin Dashboard*; PROTOCOLS §1.6, §3.3).
@Suite struct SyncAdminTests {
    @Test(arguments: [1, 3])
    func `figures add up over the loops`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        let devices = try (1...4).map { try server.device("d\($0)", user: "u\($0)", session: $0) }
        let second = try server.device("second", user: "u1", session: 1)
        #expect(try server.put(#"{"a":1}"#, session: 9, user: "u9").status == .created)
        let all = try server.document("/admin/metrics/all")
        #expect(all["sessions"]?["active_sessions"]?.integer == 4)
        #expect(all["sessions"]?["multi_device_sessions"]?.integer == 1)
        #expect(all["sessions"]?["avg_devices_per_session"] == .number("1.25"))
        #expect(all["connections"]?["active_connections"]?.integer == 5)
        #expect(all["connections"]?["peak_connections"]?.integer == 5)
        #expect(all["connections"]?["by_device_type"]?["mobile"]?.integer == 5)
        #expect(all["snapshots"]?["total_snapshots"]?.integer ?? 0 >= 1)
        #expect(all["snapshots"]?["writes_1m"]?.integer ?? 0 >= 1)
        for section in ["sessions", "connections", "snapshots"] {
            let alone = try server.document("/admin/metrics/\(section)")
            #expect(Set(alone.keys) == Set(all[section]?.keys ?? []), "\(section)")
        }
        #expect(try server.ask("/admin/metrics/elsewhere").status == .notFound)
        try second.close()
        #expect(try second.hearClose() == .normal)
        eventually("the peak stays") {
            let connections = try? server.document("/admin/metrics/connections")
            return connections?["active_connections"]?.integer == 4 && connections?["peak_connections"]?.integer == 5
        }
        for device in devices { try device.close() }
    }

    @Test(arguments: [1, 3])
    func `sessions are listed page by page, with who is there`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        for session in 1...5 {
            #expect(try server.put("{}", session: session, user: "u\(session % 2)").status == .created)
        }
        let device = try server.device("d", user: "u1", session: 3)
        var found: [String] = []
        var cursor = ""
        while true {
            let page = try server.document("/admin/sessions?limit=2\(cursor)")
            #expect(page["total"]?.integer == 5)
            found += page["items"]?.elements?.compactMap { $0["session_id"]?.string } ?? []
            guard let next = page["next_cursor"]?.string else { break }
            cursor = "&cursor=\(next)"
        }
        #expect(found == (1...5).map(SyncCast.session))
        let active = try server.document("/admin/sessions?state=active")["items"]?.elements
        #expect(active?.map { $0["session_id"]?.string } == [SyncCast.session(3)])
        #expect(active?.first?["devices_online"]?.integer == 1)
        #expect(try server.document("/admin/sessions?user_id=u0")["total"]?.integer == 2)
        try device.close()
    }

    @Test(arguments: [1, 3])
    func `connections show device and session, and can be filtered and closed`(threads: Int) throws {
        let server = try RunningServer.openSync(threads: threads)
        let first = try server.device("phone", user: "u1", session: 1)
        let second = try server.device("tablet", user: "u2", session: 2)
        let shown = try #require(try server.document("/admin/connections?user_id=u1")["items"]?.elements)
        #expect(shown.count == 1)
        #expect(shown[0]["device_id"] == "phone")
        #expect(shown[0]["device_type"] == "mobile")
        #expect(shown[0]["session_id"]?.string == SyncCast.session(1))
        #expect(try server.document("/admin/connections?device_type=web")["total"]?.integer == 0)
        let id = try #require(shown[0]["id"]?.string)
        #expect(try server.ask("/admin/connections/\(id)?code=4513", "DELETE").status == .ok)
        #expect(try first.hearClose() == .forceReconnect)
        eventually("it is remembered") {
            let closed = (try? server.document("/admin/connections?state=closed&user_id=u1"))?["items"]?.elements
            return closed?.first?["code"]?.integer == 4513
        }
        try second.say(#"{"type":1,"payload":{}}"#)
        #expect(try second.hear(.heartbeatAck)["type"]?.integer == 2)
    }

    @Test(arguments: ["1e999", String(repeating: "[", count: 31) + String(repeating: "]", count: 31)])
    func `a broadcast that no socket could be told is refused`(data: String) throws {
        let server = try RunningServer.openSync()
        let refused = try server.ask(
            "/admin/broadcast", "POST", body: #"{"message":"soon","target":"all","data":\#(data)}"#)
        #expect(refused.status == .badRequest)
        #expect(try server.call("GET", "/healthz").status == .ok)
    }

    @Test func `who may not see users finds none by asking for them`() throws {
        let server = try RunningServer.openSync()
        let device = try server.device("phone", user: "u1", session: 1)
        for user in ["u1", "nobody"] {
            #expect(try server.document("/connz?user_id=\(user)")["total"]?.integer == 1)
        }
        withExtendedLifetime(device) {}
    }

    @Test(arguments: [1, 3])
    func `a broadcast reaches administrators, or whom it names`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        let admin = try server.device(
            "desk", user: "boss", session: 1, token: try SyncCast.token("boss", roles: ["admin"]))
        let user = try server.device("d", user: "u", session: 2, token: try SyncCast.token("u"))
        let sent = try server.ask("/admin/broadcast", "POST", body: #"{"message":"soon","type":"notification"}"#)
        #expect(try sent.document == ["status": "sent", "recipients": 1])
        while true {
            let update = try admin.hear(.adminUpdate)["payload"]
            guard update?["kind"] == "notification" else { continue }
            #expect(update?["message"] == "soon")
            break
        }
        let all = try server.ask("/admin/broadcast", "POST", body: #"{"message":"now","target":"user:u"}"#)
        #expect(try all.document["recipients"]?.integer == 1)
        #expect(try user.hear(.broadcast)["payload"]?["data"]?["message"] == "now")
        #expect(try server.ask("/admin/broadcast", "POST", body: "{}").status == .badRequest)
    }

    @Test(arguments: [1, 3])
    func `administrators hear of devices that come and go, on whichever loop`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        let admin = try server.device(
            "desk", user: "boss", session: 1, token: try SyncCast.token("boss", roles: ["admin"]))
        // Its own figures show that the node knows the administrator.
        while try admin.hear(.adminUpdate)["payload"]?["kind"] != "metrics" {}
        for session in 2...5 {
            let device = try server.device("d\(session)", user: "u", session: session, token: try SyncCast.token("u"))
            try device.close()
            var events: [String] = []
            while events.count < 2 {
                let data = try admin.hear(.adminUpdate)["payload"]?["data"]
                guard data?["device_id"]?.string == "d\(session)" else { continue }
                events.append(data?["event"]?.string ?? "")
            }
            #expect(Set(events).count == 2, "one for its coming, one for its going")
        }
    }

    @Test(arguments: [1, 3])
    func `administrators' sockets get figures`(threads: Int) throws {
        let server = try RunningServer.closedSync(threads: threads)
        let admin = try server.device(
            "desk", user: "boss", session: 1, token: try SyncCast.token("boss", roles: ["admin"]))
        while true {
            let update = try admin.hear(.adminUpdate)["payload"]
            guard update?["kind"] == "metrics" else { continue }
            #expect(update?["data"]?["connections"]?["active_connections"]?.integer == 1)
            #expect(update?["data"]?["snapshots"]?["total_snapshots"] != nil)
            break
        }
    }
}

extension JSONValue {
    /// The names of an object's members.
    fileprivate var keys: [String] { if case .object(let object) = self { object.members.map(\.key) } else { [] } }
}
