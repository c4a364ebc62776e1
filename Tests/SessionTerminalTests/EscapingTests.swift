import SessionTerminal
import Testing

@Suite struct EscapingTests {
    private func escape(_ bytes: [UInt8], lineFeeds: Escaping.LineFeeds = .escaped) -> String {
        var output: [UInt8] = []
        Escaping.append(bytes.span, lineFeeds: lineFeeds, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: ["", "plain", "Grüße, 世界 🎉", "{\"a\":\"\\u001b\"}"])
    func `harmless text passes unchanged`(text: String) {
        #expect(Escaping.escaped(text) == text)
    }

    @Test(
        arguments: [
            ("\u{1B}]0;owned\u{07}", "\\x1b]0;owned\\x07"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{0}", "\\x00"),
            ("\u{7F}", "\\x7f"), ("\u{9B}31m", "\\u{9b}31m"), ("a\u{202E}b", "a\\u{202e}b"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("\u{061C}\u{200F}", "\\u{61c}\\u{200f}"),
            ("\u{2028}", "\\u{2028}"),
        ])
    func `what steers a terminal is shown instead`(text: String, shown: String) {
        #expect(Escaping.escaped(text) == shown)
    }

    @Test(
        arguments: [
            ([0xFF], "\\xff"), ([0xC0, 0x80], "\\xc0\\x80"), ([0xE2, 0x82], "\\xe2\\x82"),
            ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"), ([0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"),
            ([0xE0, 0x80, 0x80, 0x41], "\\xe0\\x80\\x80A"),
        ] as [([UInt8], String)])
    func `invalid UTF-8 is shown byte by byte`(bytes: [UInt8], shown: String) {
        #expect(escape(bytes) == shown)
    }

    @Test func `our own line feeds may be kept`() {
        #expect(escape(Array("a\nb\u{1B}".utf8), lineFeeds: .kept) == "a\nb\\x1b")
    }

    @Test func `no byte pair leaves a control character behind`() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let shown = escape([first, second])
                let isHarmless = shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                #expect(isHarmless, "\(first) \(second)")
            }
        }
    }
}
