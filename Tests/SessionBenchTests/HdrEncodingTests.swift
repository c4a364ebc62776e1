import SessionBase
import SessionBench
import SessionCodec
import Testing

/// Histograms that other tools encoded: the Python package `hdrhistogram` 0.10.8, where nothing else is said.
enum ForeignHistogram {
    /// What all but the last two recorded: 0.25 … 2.249 ms in steps of a microsecond, and a few stalls.
    static let values: [(nanoseconds: Int64, times: Int)] =
        (0..<2000).map { (250_000 + $0 * 1000, 1) } + [(5_000_000, 30), (42_000_000, 3), (1_500_000_000, 1)]

    /// `Histogram(1000, 60_000_000_000, 3)` of the Java library, of which all others are ports.
    static let ours =
        "HISTFAAAAF942pNpmSzMwMCVxwABzFDqBZDg/eEewWD/ASJynp2JAQmicPBB6isctXzU8lHLRy0ftXyQWI4OWJiIBTRQOWr5qOWjltPTchZ0"
        + "wMaCBRAjyPRR0Oa7AdvyICYA+v4ZXA=="
    /// `HdrHistogram(1, 3_600_000_000_000, 2)`
    static let wide =
        "HISTFAAAAFx4nJNpmSzMwMC4kAECmKA0IwMDs5vBjgUM9h8gAs/FmcCABUKiAzYMEZoKckAAFwcHBot4QXL0QJkCAkICAhgEVkHqykCZCgpK"
        + "QAhEXLOZbHrZ2BZyMQEAEpcXqQ=="
    /// `HdrHistogram(1000, 60_000_000_000, 5)`
    static let fiveDigits =
        "HISTFAAAAFx4nJNpmSzMwMDvxwABrBCK+QWQ4P3hHsFg/wEicp6diREJonDwQeorHLV81PJRy0ctH7V81PJRy0ctH7V81PJRy0ctH7V81PJB"
        + "bfn3YJuJLznYFq72YQIACWwh9g=="
    /// Nothing recorded.
    static let empty = "HISTFAAAAB14nJNpmSzMgADMUOoFkOD94R7BYP8BIgIAXGwFCA=="
    /// 2^50 times a microsecond, and once a minute.
    static let big = "HISTFAAAACl4nJNpmSzMwMDAywABzFDqBUjsh3sEg/0HiAhjAwSwfJ7NxAQAxW4KLA=="
}

@Suite struct HdrEncodingTests {
    private static func recorded() -> HdrHistogram {
        var histogram = HdrHistogram()
        for (nanoseconds, times) in ForeignHistogram.values {
            for _ in 0..<times { histogram.record(nanoseconds) }
        }
        return histogram
    }

    private static func plain(of text: String) throws -> [UInt8] {
        let decoded = Base64.decode(Array(text.utf8).span)
        let bytes = try #require(decoded)
        return try Zlib.decompress(bytes.span.extracting(8...), bytesMax: 1 << 20)
    }

    @Test func `our encoding is the Java library's, byte for byte`() throws {
        #expect(try Self.plain(of: ForeignHistogram.ours) == HdrEncoding.encode(Self.recorded()))
    }

    @Test func `the text begins as logs' texts do, and holds the encoding`() throws {
        let text = HdrEncoding.encodeCompressed(Self.recorded())
        #expect(text.hasPrefix("HISTFAAAA"))
        #expect(try Self.plain(of: text) == HdrEncoding.encode(Self.recorded()))
    }

    @Test func `what is encoded comes back with all its counts`() throws {
        var random = SeededRandom(seed: 11)
        for count in [0, 1, 2, 500] {
            var histogram = HdrHistogram()
            for _ in 0..<count { histogram.record(Int64.random(in: 0...61_000_000_000, using: &random)) }
            let decoded = try HdrEncoding.decodeCompressed(HdrEncoding.encodeCompressed(histogram))
            #expect(decoded.counts == histogram.counts)
            #expect(decoded.count == histogram.count)
            let bytes = HdrEncoding.encode(histogram)
            #expect(try HdrEncoding.decode(bytes.span) == decoded)
        }
    }

    @Test func `exact bounds come back where they are kept beside the text`() throws {
        let histogram = Self.recorded()
        let decoded = try HdrEncoding.decodeCompressed(HdrEncoding.encodeCompressed(histogram))
        #expect(decoded.maximum > histogram.maximum)
        #expect(decoded.minimum < histogram.minimum)
        let restored = decoded.restoring(minimum: histogram.minimum, maximum: histogram.maximum, saturated: 0)
        #expect(restored == histogram)
    }

    @Test(arguments: [
        (ForeignHistogram.ours, 1_266_687, 2_080_767, 5_001_215),
        (ForeignHistogram.wide, 1_269_759, 2_080_767, 5_013_503),
        (ForeignHistogram.fiveDigits, 1_266_175, 2_080_255, 5_000_191),
    ])
    func `other tools' percentiles are found again, whatever their range and digits`(
        text: String, p50: Int, p90: Int, p99: Int
    ) throws {
        let histogram = try HdrEncoding.decodeCompressed(text)
        #expect(histogram.count == 2034)
        for (fraction, exact) in [(0.5, p50), (0.9, p90), (0.99, p99)] {
            #expect(abs(Double(histogram.percentile(fraction)) / Double(exact) - 1) < 0.005)
        }
        #expect(abs(histogram.mean / 2_101_745 - 1) < 0.001)
        #expect(abs(histogram.standardDeviation / 33_265_000 - 1) < 0.002)
    }

    @Test func `an empty one and large counts are read`() throws {
        #expect(try HdrEncoding.decodeCompressed(ForeignHistogram.empty) == HdrHistogram())
        let big = try HdrEncoding.decodeCompressed(ForeignHistogram.big)
        #expect(big.count == 1 << 50 + 1)
        #expect(big.percentile(0.5) == 1023)
        #expect(big.saturated == 0)
    }

    @Test func `a count of nine bytes is told from one of eight`() throws {
        for bits in [6, 7, 13, 14, 48, 49, 52, 53] {
            var histogram = HdrHistogram()
            histogram.record(between: 1024, and: 1535, times: 1 << UInt64(bits))
            histogram.record(between: 1536, and: 2047, times: 1 << UInt64(bits) - 1)
            let bytes = HdrEncoding.encode(histogram)
            #expect(try HdrEncoding.decode(bytes.span) == histogram)
        }
    }

    @Test(arguments: [ForeignHistogram.ours, ForeignHistogram.wide, ForeignHistogram.empty])
    func `no part of a histogram passes for one`(text: String) throws {
        for count in 0..<text.utf8.count {
            #expect(throws: HdrDecodingError.self) { try HdrEncoding.decodeCompressed(String(text.prefix(count))) }
        }
        let plain = try Self.plain(of: text)
        for count in plain.indices {
            #expect(throws: HdrDecodingError.self) { try HdrEncoding.decode(plain.span.extracting(0..<count)) }
        }
        #expect(throws: HdrDecodingError.trailing(bytes: 1)) { try HdrEncoding.decode((plain + [0]).span) }
    }

    @Test func `damaged bytes are refused or read, and never trap`() throws {
        var random = SeededRandom(seed: 12)
        let plain = try Self.plain(of: ForeignHistogram.wide)
        for _ in 0..<3000 {
            var damaged = plain
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: plain.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            // Some damage makes another valid histogram, so that only the reading itself is tested.
            _ = try? HdrEncoding.decode(damaged.span)
        }
    }

    @Test func `each kind of damage has its own message`() throws {
        let plain = try Self.plain(of: ForeignHistogram.ours)
        func error(replacing place: Int, with bytes: [UInt8]) -> HdrDecodingError? {
            var damaged = plain
            damaged.replaceSubrange(place..<place + bytes.count, with: bytes)
            do throws(HdrDecodingError) { _ = try HdrEncoding.decode(damaged.span) } catch { return error }
            return nil
        }
        #expect(error(replacing: 0, with: [0xCA]) == .unknownCookie(0xCA84_9313))
        #expect(error(replacing: 3, with: [0x03]) == .unknownCookie(0x1C84_9303))
        #expect(error(replacing: 3, with: [0x81]) == .oldVersion(1))
        #expect(error(replacing: 3, with: [0x88]) == .oldVersion(0))
        #expect(error(replacing: 11, with: [1]) == .scaled)
        #expect(error(replacing: 32, with: [0x40]) == .scaled)
        #expect(
            error(replacing: 15, with: [6])
                == .impossibleLayout(lowest: 1000, highest: 60_000_000_000, digits: 6))
        #expect(
            error(replacing: 12, with: [0xFF])
                == .impossibleLayout(lowest: 1000, highest: 60_000_000_000, digits: 0xFF00_0003))
        // −2^63 empty slots, and a count of 2^54.
        #expect(error(replacing: 40, with: [UInt8](repeating: 0xFF, count: 9)) == .tooManyCounts(slots: 18_432))
        #expect(error(replacing: 40, with: [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]) == .tooLargeCount)
        #expect(throws: HdrDecodingError.notBase64) { try HdrEncoding.decodeCompressed("HIST!AAA") }
        for error: HdrDecodingError in [.unknownCookie(0xCAFE), .truncated(bytes: 3, expected: 40)] {
            #expect(error.description.contains("expected"))
        }
    }
}
