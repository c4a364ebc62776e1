import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import Testing

/// What `report watch` draws on a terminal.
@Suite struct ReportBarTests {
    /// Keeps what a bar writes.
    private final class Screen {
        var text = ""
    }

    private func status(_ state: String, _ progress: Int, _ message: String = "") -> WatchNews {
        let data: JSONValue = [
            "status": .string(state), "progress": .number(String(progress)), "message": .string(message),
        ]
        return WatchNews(["type": "report_status", "data": data], line: "")
    }

    @Test func `a status is one line, and the next is drawn over it`() throws {
        let screen = Screen()
        let bar = ReportBar(width: 80) { text throws(CommandError) in screen.text += text }
        try bar.show(status("running", 50, "Reading data"))
        try bar.show(status("completed", 100))
        try bar.show(WatchNews(["type": "report_completed"], line: "download /f"))
        try bar.finish()
        #expect(
            screen.text == "\r[############............]  50% running Reading data\u{1b}[K"
                + "\r[########################] 100% completed\u{1b}[K\ndownload /f\n")
    }

    @Test func `a remark takes the line away, and the next status draws it again`() throws {
        let screen = Screen()
        let bar = ReportBar(width: 80) { text throws(CommandError) in screen.text += text }
        try bar.clear()
        #expect(screen.text == "")
        try bar.show(status("running", 0))
        try bar.clear()
        try bar.clear()
        #expect(screen.text == "\r[........................]   0% running\u{1b}[K\r\u{1b}[K")
    }

    @Test(arguments: [20, 40, 60, 80])
    func `a line never reaches the last column`(width: Int) {
        let line = ReportBar.line(
            progress: 100, state: "running", message: String(repeating: "x", count: 200), width: width)
        #expect(line.count == width - 1 && line.hasSuffix("…"))
    }

    @Test func `a message cannot steer the terminal`() {
        let line = ReportBar.line(progress: 3, state: "running", message: "\u{1b}[2J\n", width: 80)
        #expect(line.hasSuffix(#"running \x1b[2J\n"#))
        #expect(ReportBar.line(progress: -5, state: "pending", message: "", width: 80).contains("]   0% pending"))
        #expect(ReportBar.line(progress: 500, state: "running", message: "", width: 80).contains("] 100% running"))
    }
}
