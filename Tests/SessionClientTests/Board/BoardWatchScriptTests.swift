import SessionBase
import SessionClient
import SessionCodec
import Testing

/// `board watch` without a server: pictures, patches, losses, what is not told.
@Suite struct BoardWatchScriptTests {
    private func watch(
        path: String = "/", tellsNews: Bool = true, _ change: (inout StopRule.Conditions) -> Void = { _ in }
    ) -> WatchTranscript<BoardWatchScript> {
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        change(&conditions)
        return WatchTranscript(
            BoardWatchScript(path: path, conditions, timeout: .seconds(3), tellsNews: tellsNews))
    }

    @Test func `a board is shown, and then what changes`() {
        var watch = watch()
        #expect(watch.open() == [])
        #expect(
            watch.receive(BoardFrames.snapshot(BoardFrames.shape("a")))
                == ["remark watching room r as u", "tell version 7: 1 shape, 0 cursors, users u"])
        #expect(
            watch.receive(BoardFrames.patch(version: 8, put: BoardFrames.shape("b"), full: #""b""#, join: #""v""#))
                == ["tell version 8: rectangle b at 1,2, v joined"])
        #expect(
            watch.receive(BoardFrames.patch(version: 8, cursors: #"{"userId":"v","x":1.5,"y":-2}"#))
                == ["tell version 8: v at 1.5,-2"])
        #expect(watch.receive(#"{"type":"pong","timestamp":"2026-11-21T10:00:00.000Z"}"#) == [])
        #expect(
            watch.receive(#"{"type":"storage","status":"degraded"}"#).last
                == "remark the board cannot be stored at the moment; the server keeps trying")
        #expect(watch.script.board.shapes.map(\.id) == ["a", "b"] && watch.script.board.users == ["u", "v"])
    }

    @Test func `the seed's snapshots are understood`() {
        var watch = watch()
        _ = watch.open()
        #expect(
            watch.receive(BoardFrames.seed()) == ["remark watching a board", "tell 0 shapes, 0 cursors, users u"])
        #expect(watch.receive(BoardFrames.seed(BoardFrames.shape("a"))) == ["tell 1 shape, 0 cursors, users u"])
        #expect(watch.script.target == "/")
    }

    @Test func `who looks at the board alone is told nothing`() {
        var watch = watch(tellsNews: false)
        _ = watch.open()
        #expect(watch.receive(BoardFrames.snapshot()) == ["remark watching room r as u"])
        #expect(watch.receive(BoardFrames.patch(version: 8, join: #""v""#)) == [])
        #expect(watch.script.board.version == 8)
        var counting = self.watch(tellsNews: false) { $0.count = 1 }
        _ = counting.open()
        #expect(counting.receive(BoardFrames.snapshot()).last == "leave 0")
    }

    // MARK: Expectations

    @Test func `what is waited for may come together with something else`() throws {
        let pattern = try JSONValue.parse(#"{"del":["b"]}"#)
        var watch = watch { $0.patterns = [pattern] }
        _ = watch.open()
        _ = watch.receive(BoardFrames.snapshot(BoardFrames.shape("a"), BoardFrames.shape("b")))
        #expect(watch.receive(BoardFrames.patch(version: 8, del: #""a","b""#)).last == "leave 0")
    }

    @Test func `the board as it was to begin with breaks no silence, and a change does`() {
        for changes in [false, true] {
            var watch = watch { $0.silence = .seconds(1) }
            _ = watch.open()
            _ = watch.receive(BoardFrames.snapshot(BoardFrames.shape("a")))
            if changes {
                let last = watch.receive(BoardFrames.patch(version: 8, del: #""a""#)).last ?? ""
                #expect(last.hasPrefix("leave 1: expected  silence"))
            } else {
                #expect(watch.pass(.seconds(1)) == ["leave 0"])
            }
        }
    }

    // MARK: Losses

    @Test func `after a loss patches go on behind the version that was heard of`() {
        var watch = watch(path: "/board?roomId=r&epoch=old")
        #expect(watch.script.target == "/board?roomId=r&epoch=old")
        _ = watch.open()
        _ = watch.receive(BoardFrames.snapshot(epoch: "e 1"))
        #expect(watch.close(.abnormal, returns: true) == [])
        #expect(watch.script.target == "/board?roomId=r&epoch=e%201&since=7")
        _ = watch.open()
        #expect(
            watch.receive(BoardFrames.patch(version: 8, join: #""v""#))
                == ["remark watching again room r as u", "tell version 8: v joined"])
    }

    @Test func `a snapshot in the place of patches is a gap, unless nothing has happened`() {
        var watch = watch()
        _ = watch.open()
        _ = watch.receive(BoardFrames.snapshot())
        _ = watch.close(.abnormal, returns: true)
        _ = watch.open()
        #expect(
            watch.receive(BoardFrames.snapshot()) == [
                "remark watching again room r as u", "tell version 7: 0 shapes, 0 cursors, users u",
            ])
        _ = watch.close(.abnormal, returns: true)
        _ = watch.open()
        #expect(
            watch.receive(BoardFrames.snapshot(version: 3, epoch: "f")) == [
                "tell gap r: the snapshot shows what came of all that happened meanwhile",
                "remark watching again room r as u", "tell version 3: 0 shapes, 0 cursors, users u",
            ])
    }

    @Test func `a patch that does not follow is no news, and the board is asked for`() {
        var watch = watch()
        _ = watch.open()
        _ = watch.receive(BoardFrames.snapshot())
        #expect(
            watch.receive(BoardFrames.patch(version: 9, join: #""v""#))
                == [#"send {"type":"resync"}"#, "remark a change is missing; the board is asked for"])
        #expect(
            watch.receive(BoardFrames.snapshot(version: 9)) == ["tell version 9: 0 shapes, 0 cursors, users u"])
    }

    // MARK: Ends

    @Test func `a refusal and a silent server end it`() {
        var refused = watch()
        _ = refused.open()
        #expect(
            refused.receive(#"{"type":"error","code":"UNAUTHORIZED","message":"no"}"#) == ["reject UNAUTHORIZED 77"])
        var silent = watch()
        _ = silent.open()
        #expect(silent.pass() == ["leave 75: the server did not show the board within 3 s"])
        var later = watch()
        _ = later.open()
        _ = later.receive(BoardFrames.snapshot())
        #expect(
            later.receive(#"{"type":"error","code":"INVALID_MESSAGE","message":"no"}"#)
                == ["remark the server says INVALID_MESSAGE: no"])
        #expect(later.close(.backendUnavailable) == ["leave 75"])
    }

    @Test(
        arguments: [
            ("/", "/?a=1&b=x%20y"), ("/?c=2", "/?c=2&a=1&b=x%20y"), ("/board?a=9&ab=3", "/board?ab=3&a=1&b=x%20y"),
            ("/?", "/?a=1&b=x%20y"),
        ])
    func `parameters are added to whatever query there is`(target: String, expected: String) {
        #expect(BoardTarget.adding([("a", "1"), ("b", "x y")], to: target) == expected)
        #expect(BoardTarget.adding([], to: target) == target)
    }
}
