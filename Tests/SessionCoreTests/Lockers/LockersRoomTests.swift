import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Rooms (PROTOCOLS 4-7 to 4-9).
@Suite struct LockersRoomTests {
    private static func join(_ room: String, id: String? = nil) -> String {
        #"{"type":"join_room","room":"\#(room)"\#(id.map { #","id":"\#($0)""# } ?? "")}"#
    }

    private static func leave(_ room: String) -> String { #"{"type":"leave_room","room":"\#(room)"}"# }

    @Test(arguments: [1, 2])
    func `joining and leaving are confirmed, again and again`(loops: Int) {
        var node = LockersFixture(loops: loops)
        for loop in 0..<loops {
            let client = node.join(loop: loop)
            for _ in 0..<2 {
                let frames = node.ask(Self.join("kiosk-1", id: "7"), on: client)
                #expect(frames.map(\.type) == ["room_joined"])
                #expect(frames.first?["data"] == ["room": "kiosk-1"])
                #expect(frames.first?["id"] == "7")
            }
            for _ in 0..<2 {
                let frames = node.ask(Self.leave("kiosk-1"), on: client)
                #expect(frames.map(\.type) == ["room_left"])
                #expect(frames.first?["data"] == ["room": "kiosk-1"])
            }
            #expect(!node.paused.contains(client))
        }
    }

    @Test(arguments: [1, 2])
    func `who joined twice hears once, and who left hears nothing`(loops: Int) throws {
        var node = LockersFixture(loops: loops)
        let client = node.join(loop: loops - 1, rooms: "kiosk-1", "kiosk-1")
        #expect(try node.broadcast(room: "kiosk-1") == 1)
        #expect(node.take(client).count == 1)
        _ = node.ask(Self.leave("kiosk-1"), on: client)
        #expect(try node.broadcast(room: "kiosk-1") == 0)
        #expect(node.take(client).isEmpty)
        #expect(try node.broadcast() == 1)
    }

    @Test(arguments: ["", "kiosk 1", "kiosk/1", "küche", String(repeating: "a", count: 101)])
    func `a name that breaks the syntax is refused`(room: String) {
        var node = LockersFixture()
        let client = node.join()
        #expect(node.ask(Self.join(room), on: client).map(\.code) == ["INVALID_ROOM"])
        #expect(node.ask(Self.leave(room), on: client).map(\.code) == ["INVALID_ROOM"])
    }

    @Test func `a name of 100 characters of all kinds is a room`() {
        var node = LockersFixture()
        let client = node.join()
        let room = "aZ09_.:-" + String(repeating: "x", count: 92)
        #expect(node.ask(Self.join(room), on: client).map(\.type) == ["room_joined"])
    }

    @Test func `the 51st room is refused until one is left`() {
        var node = LockersFixture(loops: 2)
        let client = node.join(loop: 1)
        for room in 1...50 {
            #expect(node.ask(Self.join("kiosk-\(room)"), on: client).map(\.type) == ["room_joined"])
        }
        #expect(node.ask(Self.join("kiosk-51"), on: client).map(\.code) == ["ROOM_LIMIT"])
        #expect(node.ask(Self.join("kiosk-50"), on: client).map(\.type) == ["room_joined"])
        _ = node.ask(Self.leave("kiosk-7"), on: client)
        #expect(node.ask(Self.join("kiosk-51"), on: client).map(\.type) == ["room_joined"])
        #expect(node.machines[1].place(of: client.id)?.rooms.count == 50)
    }

    // MARK: Who may

    @Test func `anybody with a session joins any room, but a kiosk its own`() {
        var node = LockersFixture()
        let person = node.join()
        #expect(node.ask(Self.join("kiosk-9"), on: person).map(\.type) == ["room_joined"])
        let kiosk = node.join(as: .of("k", kiosk: "kiosk-1"))
        #expect(node.ask(Self.join("kiosk-1"), on: kiosk).map(\.type) == ["room_joined"])
        #expect(node.ask(Self.join("kiosk-2"), on: kiosk).map(\.code) == ["FORBIDDEN"])
        let nobody = node.join(as: nil)
        #expect(node.ask(Self.join("kiosk-1"), on: nobody).map(\.code) == ["AUTH_REQUIRED"])
        #expect(node.ask(Self.leave("kiosk-1"), on: nobody).map(\.type) == ["room_left"])
    }

    @Test(arguments: [true, false])
    func `in open mode, also of one namespace alone, anybody joins any room`(isOpen: Bool) {
        var node = LockersFixture { $0.isOpen = isOpen }
        let client = node.join(as: .assumed)
        #expect(node.ask(Self.join("kiosk-1"), on: client).map(\.type) == ["room_joined"])
    }

    @Test func `who is anonymous where a session is optional joins no room`() {
        var node = LockersFixture()
        var nobody = Identity.assumed
        nobody.roles = []
        let client = node.join(as: nobody)
        #expect(node.ask(Self.join("kiosk-1"), on: client).map(\.code) == ["AUTH_REQUIRED"])
    }

    @Test(arguments: [
        ("public", "nobody", true), ("public", "kiosk", true), ("lobby", "nobody", false), ("lobby", "kiosk", true),
        ("kiosk-1", "kiosk", true), ("kiosk-2", "kiosk", false), ("kiosk-2", "staff", true), ("kiosk-2", "u", false),
        ("staff:a:room", "staff", true), ("staff:a:room", "kiosk", false), ("staff:a:room", "admin", true),
        ("other", "u", true), ("other", "kiosk", false), ("a-secret-b", "u", false), ("a-secret-b", "staff", true),
    ])
    func `the first rule that fits decides`(room: String, who: String, mayJoin: Bool) {
        var node = LockersFixture {
            $0.roomRules = [
                RoomRule(pattern: "public", members: ["anyone"]),
                RoomRule(pattern: "lobby", members: ["authenticated"]),
                RoomRule(pattern: "*-secret-*", members: ["staff"]),
                RoomRule(pattern: "kiosk-*", members: ["kiosk", "staff"]),
                RoomRule(pattern: "staff:*:room", members: ["staff"]),
                RoomRule(pattern: "kiosk-2", members: ["anyone"]),
            ]
        }
        let people: [String: Identity] = [
            "kiosk": .of("k", kiosk: "kiosk-1"), "staff": .of("s", roles: ["staff"]),
            "admin": .of("a", roles: ["admin"]), "u": Identity(user: "u"),
        ]
        let client = node.join(as: people[who])
        let frames = node.ask(Self.join(room), on: client)
        #expect(frames.map(\.type) == [mayJoin ? "room_joined" : "error"])
    }

    @Test func `a name that only looks like a kiosk's or a role's is another one`() {
        var node = LockersFixture { $0.roomRules = [RoomRule(pattern: "staff", members: ["Key"])] }
        // U+212A, the sign of Kelvin, which Unicode takes for a K.
        let kiosk = node.join(as: .of("k", kiosk: "\u{212A}1"))
        #expect(node.ask(Self.join("K1"), on: kiosk).map(\.code) == ["FORBIDDEN"])
        let person = node.join(as: .of("p", roles: ["\u{212A}ey"]))
        #expect(node.ask(Self.join("staff"), on: person).map(\.code) == ["FORBIDDEN"])
    }
}
