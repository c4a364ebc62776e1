import CommandKit
import Testing

@Suite struct RenderTests {
    @Test func `short help has one entry an option and the default`() {
        let text = HelpRenderer.render(Sample.serve, path: ["tool", "serve"], .short)
        #expect(text.contains("      --ping-interval DURATION  Silence before a ping (25s)\n"))
        #expect(text.contains("      --dev [on|off]            Development\n"))
        #expect(!text.contains("PROTOCOLS"))
    }

    @Test func `long help says default, environment, key and rule`() {
        let text = HelpRenderer.render(Sample.serve, path: ["tool", "serve"], .long)
        for line in [
            "Default: 60s.", "Environment: SESSIONCTL_SYNC_TIMEOUT, TIMEOUT.", "Configuration: sync-timeout.",
            "Rule: PROTOCOLS C1.",
        ] {
            #expect(text.contains("        \(line)\n"))
        }
    }

    @Test func `plain help has no escape sequence and terminal help has the same words`() {
        let plain = HelpRenderer.render(Sample.send, path: ["tool", "send"], .long)
        let styled = HelpRenderer.render(Sample.send, path: ["tool", "send"], .long, style: .terminal)
        #expect(!plain.contains("\u{1B}"))
        #expect(styled.contains("\u{1B}[1m"))
        let stripped = styled.split(separator: "\u{1B}[1m", omittingEmptySubsequences: false).joined()
            .split(separator: "\u{1B}[0m", omittingEmptySubsequences: false).joined()
        #expect(stripped == plain)
    }

    @Test func `text is broken at blanks only`() {
        #expect(TextLayout.wrap("aa bb  cc\ndd", width: 5) == ["aa bb", "cc dd"])
        #expect(TextLayout.wrap("a-very-long-word b", width: 4) == ["a-very-long-word", "b"])
        #expect(TextLayout.wrap("", width: 4) == [])
    }

    @Test func `a man page escapes what roff would read as its own`() {
        let page = ManualRenderer.render(Sample.serve, path: ["tool", "serve"], siblings: ["tool"], version: "1")
        #expect(page.hasPrefix(".TH TOOL\\-SERVE 1 \"\" \"tool 1\" \"tool manual\"\n"))
        #expect(page.contains("\n\\&.A paragraph that starts with a dot."))
        #expect(page.contains("It\\(aqs \\(aqquoted\\(aq \\- and dashed."))
        #expect(page.contains(".BR tool (1)\n"))
    }

    @Test func `a man page has every exit status`() {
        let page = ManualRenderer.render(Sample.send, path: ["tool", "send"], siblings: [], version: "1")
        for status in ExitStatus.allCases { #expect(page.contains("\n.B \(status.rawValue)\n")) }
    }

    @Test func `a man page lists only what differs for a command below the command`() throws {
        let page = ManualRenderer.render(Sample.serve, path: ["tool", "serve"], siblings: [], version: "1")
        let start = try #require(page.firstRange(of: ".SS serve sync"))
        let end = try #require(page.firstRange(of: ".SH OPTIONS"))
        let section = page[start.lowerBound..<end.lowerBound]
        #expect(section.contains("\\fB\\-t\\fR, \\fB\\-\\-timeout\\fR"))
        #expect(section.contains("The same as \\-\\-sync\\-timeout."))
        #expect(!section.contains("dev"))
    }

    @Test func `completions quote what a shell would read as its own`() {
        let spec = CommandSpec("tool", "Isn't: [odd]") {
            CommandDetails(options: [Option.text("file", "It's [a]: file", "FILE", .file).spec])
        }
        #expect(ZshRenderer.render(spec).contains("'[It'\\''s \\[a\\]\\: file]:FILE:_files'"))
        #expect(FishRenderer.render(spec).contains("-d 'It\\'s [a]: file'"))
    }
}
