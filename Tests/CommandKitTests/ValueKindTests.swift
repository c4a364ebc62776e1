import CommandKit
import Testing

@Suite struct ValueKindTests {
    private let duration = ValueKind.duration(DurationText.Rule())
    private let milliseconds = ValueKind.duration(DurationText.Rule(bareMilliseconds: true))

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("5s", .seconds(5)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("7d", .seconds(7 * 86_400)), ("0", .zero), ("0s", .zero), ("1500ms", .milliseconds(1500)),
        ("0.5s", .milliseconds(500)), ("1.5m", .seconds(90)), ("0.25h", .seconds(900)), ("1.1s", .milliseconds(1100)),
        ("2.000ms", .milliseconds(2)), ("0.0s", .zero),
    ])
    func `a duration is a number and a unit`(text: String, expected: Duration) throws {
        #expect(try duration.parse(text) == .duration(expected))
    }

    @Test(arguments: [
        "5", "s", "-5s", "+5s", "1.5", ".5s", "1.s", "1..5s", "1.2.3s", "1,5s", "0.0000000001d", "5 s", "5S", "5sec",
        "1m30s", "", "9999999999999999999s", "99999d", "٣s",
    ])
    func `anything else is no duration`(text: String) {
        #expect(throws: ValueError.self) { try duration.parse(text) }
    }

    @Test func `a duration is whole milliseconds`() throws {
        #expect(throws: ValueError("write whole milliseconds, such as 1ms or 0.025s")) { try duration.parse("0.5ms") }
        #expect(throws: ValueError("write whole milliseconds, such as 1ms or 0.025s")) {
            try duration.parse("0.0001s")
        }
        #expect(try duration.parse("0.001s") == .duration(.milliseconds(1)))
    }

    @Test func `a bare number is milliseconds where the option says so`() throws {
        #expect(try milliseconds.parse("60000") == .duration(.seconds(60)))
        #expect(try milliseconds.parse("1m") == .duration(.seconds(60)))
    }

    @Test func `a duration below the minimum is refused by name`() {
        let kind = ValueKind.duration(DurationText.Rule(minimum: .milliseconds(100)))
        #expect(throws: ValueError("write at least 100ms")) { try kind.parse("0") }
        #expect(throws: ValueError("write at least 100ms")) { try kind.parse("99ms") }
    }

    @Test(arguments: [
        ("0s", "0s"), ("1000ms", "1s"), ("1500ms", "1500ms"), ("90s", "90s"), ("120s", "2m"), ("24h", "1d"),
    ])
    func `a duration is printed in the largest unit that is exact`(text: String, canonical: String) throws {
        #expect(duration.spelling(of: try duration.parse(text)) == canonical)
    }

    @Test(arguments: [("512", 512), ("512B", 512), ("64KiB", 65_536), ("1MiB", 1 << 20), ("2GiB", 2 << 30), ("0", 0)])
    func `a size is a number of bytes or of binary units`(text: String, bytes: Int) throws {
        #expect(try ValueKind.size(0...Int.max).parse(text) == .integer(bytes))
    }

    @Test(arguments: ["64KB", "64k", "KiB", "-1", "1.5MiB", "9223372036854775807KiB", "1 KiB"])
    func `other sizes are refused`(text: String) {
        #expect(throws: ValueError.self) { try ValueKind.size(0...Int.max).parse(text) }
    }

    @Test func `a size out of range says the range`() {
        #expect(throws: ValueError("write a size from 1KiB to 1MiB")) {
            try ValueKind.size(1024...(1 << 20)).parse("2MiB")
        }
    }

    @Test(arguments: [("800", 800.0), ("50k", 50_000), ("1.5M", 1_500_000), ("0.5", 0.5), ("0.25k", 250)])
    func `a number may end in k or M`(text: String, value: Double) throws {
        #expect(try ValueKind.number(NumberText.Rule(0.1...1e9)).parse(text) == .number(value))
    }

    @Test(arguments: [
        "", "k", ".5", "5.", "1..2", "1e5", "nan", "inf", "-1", "+1", "50K", "50 k", "0", "2000M", "5%", "٣",
    ])
    func `anything else is no number`(text: String) {
        #expect(throws: ValueError.self) { try ValueKind.number(NumberText.Rule(0.1...1e9)).parse(text) }
    }

    @Test func `a number is refused with what may stand there`() {
        let whole = ValueKind.number(NumberText.Rule(1...100_000, isWhole: true))
        #expect(throws: ValueError("write a whole number from 1 to 100k, such as 800 or 50k")) {
            try whole.parse("1.5")
        }
        #expect(throws: ValueError.self) { try whole.parse("0.0005k") }
        let size = ValueKind.number(NumberText.Rule(0...1_000_000))
        #expect(throws: ValueError("write a number from 0 to 1M, such as 800 or 50k")) { try size.parse("1.5M") }
    }

    @Test(arguments: [
        ("50k", "50k"), ("50000", "50k"), ("1.5M", "1500k"), ("2000k", "2M"), ("1.5", "1.5"), ("999", "999"),
    ])
    func `a number is printed in the largest unit that is exact`(text: String, canonical: String) throws {
        let kind = ValueKind.number(NumberText.Rule(0...1e9))
        #expect(kind.spelling(of: try kind.parse(text)) == canonical)
    }

    @Test func `a percentage needs its sign unless it is 0, and is spelled with it`() throws {
        let kind = ValueKind.number(NumberText.Rule(0...100, isPercent: true))
        #expect(try kind.parse("7%") == .number(7))
        #expect(try kind.parse("0") == .number(0))
        #expect(kind.spelling(of: .number(2.5)) == "2.5%")
        for text in ["7", "101%", "0.07", "%"] { #expect(throws: ValueError.self) { try kind.parse(text) } }
    }

    @Test func `a rate may end in a slash and s, or be a word`() throws {
        let kind = ValueKind.byteRate(1...Int.max, word: "off")
        #expect(try kind.parse("1KiB/s") == .integer(1024))
        #expect(try kind.parse("1KiB") == .integer(1024))
        #expect(try kind.parse("off") == .nothing)
        #expect(kind.spelling(of: .integer(1024)) == "1KiB/s")
        #expect(throws: ValueError.self) { try kind.parse("fast") }
    }

    @Test func `an integer is held to its range`() throws {
        let kind = ValueKind.integer(1...10, word: "auto")
        #expect(try kind.parse("10") == .integer(10))
        #expect(try kind.parse("auto") == .nothing)
        for text in ["0", "11", "+5", "1e1", "0x1", " 1", "many"] {
            #expect(throws: ValueError("write a whole number from 1 to 10 or auto")) { try kind.parse(text) }
        }
    }

    @Test func `a yes or no value is on or off`() throws {
        #expect(try ValueKind.toggle.parse("on") == .toggle(true))
        #expect(try ValueKind.toggle.parse("off") == .toggle(false))
        #expect(throws: ValueError("write on or off")) { try ValueKind.toggle.parse("yes") }
    }

    @Test func `a mistyped choice gets the nearest word and all words`() {
        #expect(throws: ValueError("did you mean debug? write error, warn, info or debug")) {
            try ValueKind.choice(["error", "warn", "info", "debug"]).parse("debg")
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8765", ListenAddress.internet(host: "127.0.0.1", port: 8765)),
        ("localhost:0", .internet(host: "localhost", port: 0)),
        ("[::]:3000", .internet(host: "::", port: 3000)),
        ("[fe80::1%eth0]:1", .internet(host: "fe80::1%eth0", port: 1)),
        ("unix:/run/s.sock", .unix(path: "/run/s.sock")),
    ])
    func `an address is a host and a port or a Unix socket`(text: String, expected: ListenAddress) throws {
        let kind = ValueKind.listenAddress(portAlone: false)
        #expect(try kind.parse(text) == .address(expected))
        #expect(kind.spelling(of: .address(expected)) == text)
    }

    @Test(arguments: [
        "8080", ":80", "host:", "host:65536", "host:-1", "host:x", "::1:80", "[::1]", "[]:1", "unix:", "a b:1", "",
    ])
    func `other addresses are refused`(text: String) {
        #expect(throws: ValueError.self) { try ValueKind.listenAddress(portAlone: false).parse(text) }
    }

    @Test func `a socket path that the kernel cannot hold is refused`() {
        let kind = ValueKind.listenAddress(portAlone: false)
        let path = "/" + String(repeating: "x", count: 106)
        #expect(throws: Never.self) { try kind.parse("unix:" + path) }
        #expect(throws: ValueError.self) { try kind.parse("unix:" + path + "x") }
    }

    @Test func `a bare port is an address where it may be`() throws {
        #expect(
            try ValueKind.listenAddress(portAlone: true).parse("8080") == .address(.internet(host: nil, port: 8080)))
    }

    @Test func `a placement names profiles and an address`() throws {
        let kind = ValueKind.placement(profiles: ["channels", "lockers"])
        let value = try kind.parse("channels+lockers=[::]:3000")
        guard case .placement(let placement) = value else {
            Issue.record("no placement: \(value)")
            return
        }
        #expect(placement.profiles == ["channels", "lockers"])
        #expect(placement.address == .internet(host: "::", port: 3000))
        #expect(kind.spelling(of: value) == "channels+lockers=[::]:3000")
    }

    @Test func `a placement of an unknown profile names the nearest`() {
        #expect(throws: ValueError("did you mean lockers? the profiles are channels, lockers")) {
            try ValueKind.placement(profiles: ["channels", "lockers"]).parse("locker=127.0.0.1:1")
        }
    }

    @Test(arguments: ["channels", "channels=", "channels+channels=a:1", "=a:1", "channels=1", "channels+=a:1"])
    func `other placements are refused`(text: String) {
        #expect(throws: ValueError.self) { try ValueKind.placement(profiles: ["channels"]).parse(text) }
    }
}
