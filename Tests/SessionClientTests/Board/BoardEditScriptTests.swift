import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `board draw`, `move`, `delete`, `cursor` and `import` without a server: confirmations, rates, refusals, the seed's server.
@Suite struct BoardEditScriptTests {
    private func edit(
        _ messages: [BoardClientMessage], _ change: (inout BoardEditScript.Options) -> Void = { _ in }
    ) -> WatchTranscript<BoardEditScript> {
        var options = BoardEditScript.Options()
        change(&options)
        let script = BoardEditScript(messages.map { BoardEdit($0) }, options, timeout: .seconds(3)) { line, _ in
            let text = String(decoding: line, as: UTF8.self)
            return text == "bad" ? .failure(.init("line 1 is bad")) : .success(BoardEdit(.delete(text)))
        }
        return WatchTranscript(script)
    }

    private func rectangle(_ x: Double = 1) -> BoardClientMessage { .create(NewShape(type: "rectangle", x: x, y: 2)) }

    private let snapshot = BoardFrames.snapshot()

    // MARK: Confirmations

    @Test func `a shape is drawn once the board is there, and its id is told`() {
        var draw = edit([rectangle()])
        #expect(draw.open() == [])
        #expect(
            draw.receive(snapshot) == [#"send {"type":"shape_create","shapeType":"rectangle","x":1,"y":2,"id":1}"#])
        #expect(
            draw.receive(
                #"{"type":"patch","version":8,"put":[],"full":[],"del":[],"cursors":[],"join":["v"],"leave":[]}"#) == []
        )
        #expect(
            draw.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"abc","persisted":false}"#)
                == ["tell abc", "leave 0"])
    }

    @Test func `several are on their way at once, and each is told`() {
        var delete = edit([.delete("a"), .delete("b")])
        _ = delete.open()
        #expect(delete.receive(snapshot).count == 2)
        #expect(
            delete.receive(#"{"type":"error","id":1,"code":"SHAPE_NOT_FOUND","message":"no"}"#)
                == ["tell error SHAPE_NOT_FOUND for a: no"])
        #expect(
            delete.receive(#"{"type":"ack","id":2,"version":9,"shapeId":"b","persisted":false}"#)
                == ["tell deleted b, version 9", "leave 1"])
    }

    @Test func `a single edit that is refused is the command's failure`() {
        for (code, status) in [
            ("SHAPE_NOT_FOUND", 1), ("FORBIDDEN", 77), ("INVALID_MESSAGE", 65), ("ROOM_FULL", 1),
            ("STORE_UNAVAILABLE", 75), ("INTERNAL", 69),
        ] {
            var move = edit([.update("a", ShapeChange(x: 1, y: 2))])
            _ = move.open()
            _ = move.receive(snapshot)
            #expect(
                move.receive(#"{"type":"error","id":1,"code":"\#(code)","message":"no"}"#)
                    == ["reject \(code) \(status)"])
        }
    }

    @Test func `what must be among the confirmations is looked for`() throws {
        for (pattern, end) in [(#"{"version":9}"#, "leave 0"), (#"{"version":10}"#, "leave 1")] {
            let value = try JSONValue.parse(pattern)
            var draw = edit([rectangle()]) { $0.patterns = [value] }
            _ = draw.open()
            _ = draw.receive(snapshot)
            let actions = draw.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"abc","persisted":false}"#)
            #expect(actions.last?.hasPrefix(end) == true)
        }
    }

    @Test func `what is stored is asked for at the end`() {
        var draw = edit([rectangle()]) { $0.waitsStored = true }
        _ = draw.open()
        _ = draw.receive(snapshot)
        #expect(
            draw.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"abc","persisted":false}"#)
                == ["tell abc", #"send {"type":"flush","id":0}"#])
        #expect(
            draw.receive(#"{"type":"ack","id":0,"version":9,"persisted":true}"#)
                == ["tell stored, version 9", "leave 0"])
        var slow = edit([rectangle()]) { $0.waitsStored = true }
        _ = slow.open()
        _ = slow.receive(snapshot)
        _ = slow.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"abc","persisted":false}"#)
        #expect(slow.pass() == ["leave 75: the server did not say that the board is stored within 3 s"])
    }

    // MARK: Rates

    @Test func `edits leave evenly at their rate`() {
        var draw = edit([rectangle(1), rectangle(2), rectangle(3)]) { $0.perSecond = 10 }
        _ = draw.open()
        draw.now = .zero + .seconds(1)
        #expect(draw.receive(snapshot).count == 2)
        #expect(draw.pass(.milliseconds(99)) == [])
        #expect(draw.pass(.milliseconds(1)).count == 1)
    }

    @Test func `what is refused for the rate is sent again later, and from then on slower`() {
        var draw = edit([rectangle(1), rectangle(2), rectangle(3)]) { $0.perSecond = 100 }
        _ = draw.open()
        #expect(draw.receive(snapshot).count == 1)
        #expect(draw.receive(#"{"type":"error","id":1,"code":"RATE_LIMITED","message":"no"}"#) == [])
        #expect(draw.pass(.milliseconds(999)) == [])
        #expect(
            draw.pass(.milliseconds(1)) == [#"send {"type":"shape_create","shapeType":"rectangle","x":1,"y":2,"id":1}"#]
        )
        #expect(draw.pass(.milliseconds(19)) == [])
        #expect(draw.pass(.milliseconds(1)).count == 1)
    }

    @Test func `no more are on their way than the server waits for`() {
        var draw = edit((0..<100).map { rectangle(Double($0)) })
        _ = draw.open()
        #expect(draw.receive(snapshot).count == 32)
        #expect(draw.receive(#"{"type":"ack","id":7,"version":9,"shapeId":"s7","persisted":false}"#).count == 2)
    }

    // MARK: Files and input

    @Test func `shapes of a file are told in one sentence`() {
        var draw = edit([rectangle(1), rectangle(2)]) { $0.isSummed = true }
        _ = draw.open()
        _ = draw.receive(snapshot)
        #expect(draw.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"a","persisted":false}"#) == [])
        #expect(
            draw.receive(#"{"type":"ack","id":2,"version":9,"shapeId":"b","persisted":false}"#)
                == ["tell imported 2 shapes", "leave 0"])
        var full = edit([rectangle(1), rectangle(2)]) { $0.isSummed = true }
        _ = full.open()
        _ = full.receive(snapshot)
        _ = full.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"a","persisted":false}"#)
        #expect(
            full.receive(#"{"type":"error","id":2,"code":"ROOM_FULL","message":"no"}"#)
                == ["remark imported 1 shape", "reject ROOM_FULL 1"])
        var empty = edit([]) { $0.isSummed = true }
        _ = empty.open()
        #expect(empty.receive(snapshot) == ["tell imported 0 shapes", "leave 0"])
    }

    @Test func `lines are edits as they come, until the input ends`() {
        var delete = edit([]) { $0.readsLines = true }
        _ = delete.open()
        #expect(delete.receive(snapshot) == [])
        #expect(delete.type("a") == [#"send {"type":"shape_delete","shapeId":"a","id":1}"#])
        #expect(
            delete.receive(#"{"type":"ack","id":1,"version":9,"shapeId":"a","persisted":false}"#)
                == ["tell deleted a, version 9"])
        #expect(delete.endInput() == ["leave 0"])
        var bad = edit([]) { $0.readsLines = true }
        #expect(bad.type("bad") == ["leave 65: line 1 is bad"])
    }

    @Test func `lines wait in their pipe while a thousand are waiting here`() {
        var delete = edit([]) { $0.readsLines = true }
        for _ in 0..<999 { _ = delete.type("a") }
        #expect(!delete.script.isSated)
        _ = delete.type("a")
        #expect(delete.script.isSated)
        _ = delete.open()
        _ = delete.receive(snapshot)
        #expect(!delete.script.isSated)
    }

    @Test func `a cursor stays where it is for as long as that was asked for`() {
        var cursor = edit([.cursorMove(x: 3, y: 4)]) { $0.staying = .seconds(20) }
        _ = cursor.open()
        #expect(cursor.receive(snapshot) == [#"send {"type":"cursor_move","x":3,"y":4,"id":1}"#])
        #expect(
            cursor.receive(#"{"type":"ack","id":1,"version":9,"persisted":false}"#) == ["tell cursor at 3,4"])
        #expect(cursor.pass(.milliseconds(19_999)) == [])
        #expect(cursor.pass() == ["leave 0"])
    }

    // MARK: Losses

    @Test func `a silent server and a lost connection end it`() {
        var silent = edit([rectangle()])
        _ = silent.open()
        #expect(silent.pass() == ["leave 75: the server did not show the board within 3 s"])
        var half = edit([rectangle()])
        _ = half.open()
        _ = half.receive(snapshot)
        #expect(half.pass() == ["leave 75: the server did not confirm 1 edit within 3 s"])
        var lost = edit([rectangle(), rectangle()])
        _ = lost.open()
        _ = lost.receive(snapshot)
        #expect(lost.close(.normal) == ["leave 1: the connection ended, and 2 edits had not been confirmed"])
        var refused = edit([rectangle()])
        _ = refused.open()
        #expect(
            refused.receive(#"{"type":"error","code":"UNAUTHORIZED","message":"no"}"#) == ["reject UNAUTHORIZED 77"])
    }

    // MARK: The seed's server

    @Test func `a server of the seed shows a change in a snapshot`() {
        var draw = edit([rectangle(), rectangle()])
        _ = draw.open()
        let same = BoardFrames.shape("old")
        #expect(
            draw.receive(BoardFrames.seed(same))
                == Array(repeating: #"send {"type":"shape_create","shapeType":"rectangle","x":1,"y":2}"#, count: 2))
        #expect(draw.receive(BoardFrames.seed(same)) == [])
        #expect(draw.receive(BoardFrames.seed(same, BoardFrames.shape("n1"))) == ["tell n1"])
        #expect(
            draw.receive(BoardFrames.seed(same, BoardFrames.shape("n1"), BoardFrames.shape("n2")))
                == ["tell n2", "leave 0"])
    }

    @Test func `there a shape that is not on the board is unknown, and nothing can be told of its store`() {
        var move = edit([.update("x", ShapeChange(x: 5))])
        _ = move.open()
        #expect(move.receive(BoardFrames.seed()) == ["reject SHAPE_NOT_FOUND 1"])
        var changed = edit([.update("a", ShapeChange(x: 5, text: .remove))])
        _ = changed.open()
        #expect(changed.receive(BoardFrames.seed(BoardFrames.shape("a"))).count == 1)
        #expect(changed.receive(BoardFrames.seed(BoardFrames.shape("a", x: 5))) == ["tell changed a", "leave 0"])
        var delete = edit([.delete("a")])
        _ = delete.open()
        _ = delete.receive(BoardFrames.seed(BoardFrames.shape("a")))
        #expect(delete.receive(BoardFrames.seed()) == ["tell deleted a", "leave 0"])
        var stored = edit([rectangle()]) { $0.waitsStored = true }
        _ = stored.open()
        #expect(
            stored.receive(BoardFrames.seed())
                == ["leave 1: the server speaks the seed's protocol, which cannot tell what is stored"])
    }
}

/// Messages of a server of board.
enum BoardFrames {
    static func shape(_ id: String, x: Int = 1) -> String {
        #"{"id":"\#(id)","type":"rectangle","x":\#(x),"y":2,"width":0,"height":0,"userId":"u","#
            + #""timestamp":"2026-11-21T10:00:00.000Z","rotation":0}"#
    }

    /// Everything, as the seed has it.
    static func seed(_ shapes: String...) -> String {
        #"{"connectedUsers":["u"],"cursors":[],"shapes":[\#(shapes.joined(separator: ","))]}"#
    }

    /// Everything, as the second version has it.
    static func snapshot(version: Int = 7, epoch: String = "e", _ shapes: String...) -> String {
        #"{"type":"snapshot","room":"r","version":\#(version),"epoch":"\#(epoch)","you":"u","connectedUsers":["u"],"#
            + #""cursors":[],"shapes":[\#(shapes.joined(separator: ","))]}"#
    }

    /// What changed.
    static func patch(
        version: Int, put: String = "", full: String = "", del: String = "", cursors: String = "", join: String = ""
    ) -> String {
        #"{"type":"patch","version":\#(version),"put":[\#(put)],"full":[\#(full)],"del":[\#(del)],"cursors":[\#(cursors)],"#
            + #""join":[\#(join)],"leave":[]}"#
    }
}
