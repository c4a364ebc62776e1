import Testing

/// Channels and lockers on a pseudo-terminal: the real binary, a real server, keys and a screen.
@Suite(.serialized) struct ServiceTerminalTests {
    @Test func `a report is one line that is drawn over, and its end is the status`() throws {
        let scene = try TerminalScene(
            .shell(#""$1" report watch r1 --url "$2"; echo "status $?""#), profile: "channels", serveOptions: "--dev")
        #expect(scene.waits { $0.contains { $0.hasSuffix("]   0% pending Waiting for report") } })
        let progress = scene.inBackground(
            #"for i in 10 25 50; do "$sessionctl" report progress r1 $i --message "Step $i" --url "$url"; done >/dev/null"#
        )
        #expect(scene.finish(progress) == 0)
        #expect(scene.waits { $0.contains("[############............]  50% running Step 50") })
        let complete = scene.inBackground(
            #""$sessionctl" report complete r1 --download-url /f --format pdf --size 7 --url "$url" >/dev/null"#)
        #expect(scene.finish(complete) == 0)
        #expect(scene.waits { $0.contains("status 0") })
        #expect(scene.rows.filter { $0.hasPrefix("[") } == ["[########################] 100% completed"])
        #expect(scene.rows.contains("download /f (pdf, 7 bytes)"))
    }

    @Test func `a person who talks to channels is offered types, fields and channels`() throws {
        let scene = try TerminalScene(profile: "channels", serveOptions: "--dev")
        #expect(scene.waits { $0.joined().contains("availableChannels") })
        scene.type("/json off\n{\"ty\tsubscribe\",\"ch\tsystem\t}\n")
        #expect(
            scene.waits { $0.contains { $0.hasPrefix(#"< {"type":"subscribed","channel":"system:notifications""#) } })
        #expect(scene.rows.contains(#"> {"type":"subscribe","channel":"system:notifications"}"#))
        scene.type("/types publish\n")
        #expect(scene.waits { $0.contains { $0.contains(#"{"type":"publish","channel":"","message":"#) } })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }

    @Test func `a person who talks to lockers is offered messages and rooms`() throws {
        let scene = try TerminalScene(profile: "lockers", serveOptions: "--dev")
        #expect(scene.waits { $0.joined().contains("connectionId") })
        scene.type("/json off\n{\"ty\tjoin\t,\"ro\tkiosk-1\"}\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix(#"< {"type":"room_joined","data":{"room":"kiosk-1""#) } })
        scene.type("{\"ty\tleave\t,\"ro\tkio\t}\n")
        #expect(scene.waits { $0.contains { $0.hasPrefix(#"< {"type":"room_left","data":{"room":"kiosk-1""#) } })
        scene.type("\u{4}")
        #expect(scene.end() == 0)
    }
}
