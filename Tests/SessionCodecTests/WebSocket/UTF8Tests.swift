import SessionBase
import SessionCodec
import TestSupport
import Testing

/// Text in messages (RFC 6455 §8.1).
@Suite struct UTF8Tests {
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC2, 0x41],
            [0xE1, 0x80, 0x41], [0xF1, 0x80, 0x80, 0x41],
        ] as [[UInt8]])
    func `ill-formed text is refused`(bytes: [UInt8]) throws {
        for text in [bytes, Array("abcdefgh".utf8) + bytes, Array("é".utf8) + bytes + Array("abcdefghi".utf8)] {
            #expect(try serverTranscript(of: frame(1, text)).heard == [badText])
            #expect(try serverTranscript(of: frame(1, final: false) + frame(0, text)).heard == [badText])
        }
    }

    @Test(arguments: [
        "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ])
    func `the first and last of each length are accepted`(text: String) throws {
        for text in [Array(text.utf8), Array(("12345678" + text + "123456789" + text).utf8)] {
            #expect(try serverTranscript(of: frame(1, text)).heard == [.message(.text, text)])
            for split in 0...text.count {
                let input = frame(1, Array(text[..<split]), final: false) + frame(0, Array(text[split...]))
                #expect(try serverTranscript(of: input).heard == [.message(.text, text)])
            }
        }
    }

    @Test(arguments: ["é", "€", "😀"])
    func `a text must not end inside a character`(text: String) throws {
        let cut = Array(text.utf8.dropLast())
        #expect(try serverTranscript(of: frame(1, cut)).heard == [badText])
        #expect(try serverTranscript(of: frame(1, cut, final: false) + frame(0)).heard == [badText])
    }

    @Test func `bad text is refused before its message or its frame has ended`() throws {
        let bad = Array("κόσμε".utf8) + [0xF4, 0x90]
        #expect(try serverTranscript(of: frame(1, bad, final: false)).heard == [badText])
        let frameOfMore = frame(1, bad + [0x80, 0x80] + Array("edited".utf8))
        let cut = Array(frameOfMore.prefix(6 + bad.count))
        #expect(try serverTranscript(of: cut).heard == [badText])
        #expect(try serverTranscript(of: Array(cut.dropLast())).heard == [])
    }

    @Test func `binary messages hold any bytes`() throws {
        #expect(try serverTranscript(of: frame(2, [0xFF, 0xC0])).heard == [.message(.binary, [0xFF, 0xC0])])
    }

    /// The sequences of the public `utf8tests` suite beside this package, split at every offset.
    @Test(.enabled(if: SharedSuite.utf8tests != nil, "the shared suites are not there"))
    func `the sequences of utf8tests are judged alike at every split`() throws {
        let cases = SharedSuite.utf8Cases(try #require(SharedSuite.utf8tests))
        #expect(cases.count == 222)
        for (name, bytes, isValid) in cases {
            for split in 0...bytes.count {
                var validator = UTF8Validator()
                let isJudgedValid =
                    validator.absorb(bytes.span.extracting(0..<split))
                    && validator.absorb(bytes.span.extracting(split..<bytes.count)) && validator.isComplete
                #expect(isJudgedValid == isValid, "\(name) split at \(split)")
            }
            var transcript = Transcript()
            var connection = Connection(establishedAs: .server, limits: ConnectionLimits())
            connection.feed(frame(1, bytes), to: &transcript)
            #expect(transcript.heard == [isValid ? .message(.text, bytes) : badText], "\(name)")
        }
    }

    @Test func `random bytes are judged as the standard library judges them`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let alphabet: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4,
        ]
        let characters = ["a", "abcdefgh", "é", "߿", "ࠀ", "€", "\u{D7FF}", "\u{E000}", "😀", "\u{10FFFF}"]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                if random.chance(0.1) { bytes.append(alphabet.randomElement(using: &random) ?? 0) }
                bytes += Array((characters.randomElement(using: &random) ?? "").utf8)
                if random.chance(0.05) { bytes.removeLast() }
            }
            var validator = UTF8Validator()
            let isValid = validator.absorb(bytes.span) && validator.isComplete
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "seed \(seed): \(bytes)")
        }
    }

    @Test func `every beginning of a character is judged alike in one step and byte by byte`() {
        let padding = Array("12345678".utf8)
        for first in stride(from: 0xC0, through: 0xFF, by: 1) {
            for second in stride(from: 0x70, through: 0xFF, by: 1) {
                let bytes = [UInt8(first), UInt8(second), 0x80, 0xBF]
                for count in 2...4 {
                    let sequence = bytes.prefix(count) + padding
                    var (whole, single) = (UTF8Validator(), UTF8Validator())
                    let isWholeValid = whole.absorb(Array(sequence).span)
                    let isSingleValid = sequence.allSatisfy { single.absorb([$0].span) }
                    #expect(isWholeValid == isSingleValid, "\(sequence)")
                }
            }
        }
    }

    private var badText: Heard { .failed(.invalidPayload, .webSocket(.invalidUTF8)) }
}
