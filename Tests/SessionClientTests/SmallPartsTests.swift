import SessionBase
import SessionClient
import Testing

@Suite struct LineSplitterTests {
    @Test(arguments: 1...7)
    func `lines are the same however they were chunked`(chunk: Int) {
        let text = Array("one\n\ntwo\r\nthree".utf8)
        var splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: text.count, by: chunk) {
            splitter.append(Array(text[start..<min(start + chunk, text.count)]).span)
            while let line = splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        if let line = splitter.finish() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(lines == ["one", "", "two\r", "three"])
    }

    @Test func `a last line feed ends the last line`() {
        var splitter = LineSplitter()
        splitter.append(Array("a\n".utf8).span)
        #expect(splitter.next() == Array("a".utf8))
        #expect(splitter.finish() == nil)
    }
}

@Suite struct ReadRateTests {
    @Test(arguments: [1, 7, 1000, 1 << 30])
    func `the rate is held to the byte`(bytesPerSecond: Int) {
        var rate = ReadRate(bytesPerSecond: bytesPerSecond, at: .zero)
        var now = Instant.zero
        var total = 0
        while now < .zero + .seconds(10) {
            now = max(rate.refilled, now)
            let allowed = rate.allowance(at: now)
            rate.spend(allowed)
            total += allowed
        }
        let elapsed = Double(now.nanoseconds) / 1e9
        #expect(Double(total) <= Double(bytesPerSecond) * elapsed + 1)
        #expect(Double(total) >= Double(bytesPerSecond) * elapsed * 0.99 - 1)
    }

    @Test func `a long pause does not allow a burst`() {
        var rate = ReadRate(bytesPerSecond: 1000, at: .zero)
        #expect(rate.allowance(at: .zero + .seconds(3600)) == 100)
    }
}

@Suite struct HexTextTests {
    @Test func `digits come in pairs with or without separators`() {
        #expect(HexText.parse("8100") == [0x81, 0])
        #expect(HexText.parse("0x81:0F ff") == [0x81, 0x0F, 0xFF])
        #expect(HexText.parse("") == [])
        #expect(HexText.parse("8") == nil)
        #expect(HexText.parse("zz") == nil)
    }

    @Test func `spelling and parsing are inverses`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(HexText.parse(HexText.spell(bytes.span)) == bytes)
    }
}

@Suite struct SpelledDurationTests {
    @Test(
        arguments: [
            (.microseconds(850), "850 µs"), (.microseconds(12_300), "12.3 ms"), (.milliseconds(2), "2 ms"),
            (.milliseconds(59_999), "59.9 s"), (.seconds(200), "3 min 20 s"), (.seconds(7500), "2 h 5 min"),
        ] as [(Duration, String)])
    func `a duration is spelled in its unit`(duration: Duration, text: String) {
        #expect(duration.spelled == text)
    }
}
