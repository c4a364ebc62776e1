import SessionClient
import SessionCodec
import SessionIO
import TestSupport
import Testing

@Suite struct AdminSocketsTests {
    @Test(
        arguments: [
            (
                ["XDG_RUNTIME_DIR": "/run/u", "XDG_STATE_HOME": "/s", "HOME": "/h"],
                ["/run/u/sessionctl", "/s/sessionctl/run"]
            ),
            (["HOME": "/h"], ["/h/.local/state/sessionctl/run"]), (["XDG_RUNTIME_DIR": "relative"], []), ([:], []),
        ] as [([String: String], [String])])
    func `the folders are where serve keeps its sockets`(variables: [String: String], folders: [String]) {
        #expect(AdminSockets.folders { variables[$0] } == folders)
    }

    @Test func `a socket on which nobody listens any more is passed over`() throws {
        let folder = TemporaryFolder()
        let listener = try Listener(.unix(path: folder.path + "/1.sock"))
        do {
            let other = try Listener(.unix(path: folder.path + "/2.sock"))
            try Files.write(Array("no socket".utf8).span, to: folder.path + "/3.sock", mode: 0o600)
            try Files.write(Array("other".utf8).span, to: folder.path + "/notes.txt", mode: 0o600)
            #expect(
                AdminSockets.live(in: [folder.path, "/nowhere"]).map(\.description).sorted() == [
                    "unix:\(folder.path)/1.sock", "unix:\(folder.path)/2.sock",
                ])
            _ = consume other
        }
        #expect(AdminSockets.live(in: [folder.path]).map(\.description) == ["unix:\(folder.path)/1.sock"])
        _ = consume listener
    }
}
