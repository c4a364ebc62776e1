import SessionBase
import SessionClient
import SessionCodec
import SessionConsole
import SessionTerminal
import Testing

@Suite struct SlashCommandTests {
    @Test(
        arguments: [
            ("/help", .help(nil)), ("/help close", .help("close")), ("/ping", .ping([])),
            ("/ping hi", .ping([104, 105])),
            ("/close", .close(.normal, reason: "")), ("/close 4000", .close(CloseCode(rawValue: 4000), reason: "")),
            ("/close 1001 going home", .close(.goingAway, reason: "going home")), ("/json on", .json(.on)),
            ("/time off", .time(false)), ("/binary 00 ff", .binary([0, 255])), ("/raw 8100", .raw([0x81, 0])),
            ("/types", .types(nil)), ("/quit", .quit), ("/headers", .headers), ("/status", .status),
        ] as [(String, SlashCommand)])
    func `a line is read as its command`(line: String, command: SlashCommand) throws {
        #expect(try SlashCommand.parse(line) == command)
    }

    @Test(arguments: [
        "/nonsense", "/", "/close abc", "/close 1005", "/close 99", "/json maybe", "/binary", "/binary 0", "/time",
    ])
    func `a bad line says what to do`(line: String) {
        #expect(throws: SlashCommand.ParseError.self) { try SlashCommand.parse(line) }
    }

    @Test func `a Ping holds at most 125 bytes`() {
        #expect(throws: SlashCommand.ParseError.self) {
            try SlashCommand.parse("/ping " + String(repeating: "x", count: 126))
        }
    }

    @Test func `a mistyped command is told which one was meant`() {
        expect("/clsoe 1000", "/clsoe is no command; did you mean /close? //clsoe sends the text")
        expect("/nonsense", "/nonsense is no command; /help lists them, //nonsense sends the text")
    }

    private func expect(_ line: String, _ message: String) {
        do {
            _ = try SlashCommand.parse(line)
            Issue.record("\(line) is a command")
        } catch {
            #expect(error.message == message)
        }
    }

    @Test func `every entry of the table is a command`() {
        for entry in SlashCommand.table {
            let argument = ["json": " on", "time": " on", "binary": " 00", "raw": " 00"][entry.name] ?? ""
            #expect(throws: Never.self) { try SlashCommand.parse("/" + entry.name + argument) }
        }
    }
}

@Suite struct FrameViewTests {
    private let time = EventTime(wallNanoseconds: 1_704_623_400_123_456_789, instant: .zero)
    private var view = FrameView(style: Style(isColored: false))

    private func show(_ text: String, _ view: FrameView) -> String { view.received(.text, Array(text.utf8), at: time) }

    @Test func `a short message stays on its line`() {
        #expect(show(#"{"type":"pong"}"#, view) == "< {\"type\":\"pong\"}\n")
    }

    @Test func `JSON that is too wide is indented`() {
        var narrow = view
        narrow.width = 10
        #expect(show(#"{"type":"pong"}"#, narrow).split(separator: "\n").count == 3)
        narrow.layout = .off
        #expect(show(#"{"type":"pong"}"#, narrow) == "< {\"type\":\"pong\"}\n")
    }

    @Test func `control characters never reach the terminal`() {
        #expect(show("\u{1B}[2J\n\u{202E}", view) == "< \\x1b[2J\\n\\u{202e}\n")
        var indented = view
        indented.layout = .on
        let shown = show("{\"a\":\"\u{9B}31m\u{7F}\"}", indented)
        #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test func `binary is hexadecimal up to a bound`() {
        #expect(view.received(.binary, [0, 255], at: time) == "< binary, 2 bytes: 00 ff\n")
        #expect(view.received(.binary, Array(repeating: 0, count: 300), at: time).hasSuffix(" …\n"))
    }

    @Test func `the time is shown to milliseconds`() {
        var timed = view
        timed.showsTime = true
        #expect(show("x", timed) == "10:30:00.123 < x\n")
    }
}

@Suite struct NoticesTests {
    @Test func `a close tells code, reason, origin, time and counts`() {
        var traffic = Traffic()
        traffic.messagesIn = 40
        traffic.messagesOut = 12
        let close = ClientClose(
            code: .goingAway, reason: "deploy", origin: .peer, uptime: .milliseconds(12_300), traffic: traffic)
        #expect(Notices.ended(close) == "closed 1001 going_away \"deploy\" by peer after 12.3 s, 40 in / 12 out")
    }

    @Test func `a reason that repeats the name is not repeated`() {
        let close = ClientClose(code: .goingAway, reason: "going_away", origin: .us)
        #expect(Notices.ended(close) == "closed 1001 going_away by us after 0 µs, 0 in / 0 out")
    }
}
