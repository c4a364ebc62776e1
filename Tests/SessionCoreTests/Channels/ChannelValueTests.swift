import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Names of connections and durations (PROTOCOLS 2-30, seed 002 *maintenance_notice*).
@Suite struct ChannelValueTests {
    @Test func `a name reads back as what it was written from`() {
        let entropy = Entropy.seeded(3)
        for _ in 1...1000 {
            let name = ConnectionName(at: Timestamp(milliseconds: 1_704_623_400_000), from: entropy)
            #expect(ConnectionName(name.text) == name)
            #expect(name.text.utf8.count == 26)
        }
    }

    @Test func `small secrets are written with all nine digits`() {
        let name = ConnectionName(at: Timestamp(milliseconds: 123), from: Entropy { [UInt8](repeating: 0, count: $0) })
        #expect(name.text == "ws_123_000000000")
        let next = ConnectionName(
            at: Timestamp(milliseconds: 123), from: Entropy { [UInt8](repeating: 0, count: $0 - 1) + [35] })
        #expect(next.text == "ws_123_00000000z")
    }

    @Test(arguments: [
        "", "ws_1_00000000", "ws_1_0000000000", "ws_1_00000000A", "ws__000000000", "xs_1_000000000", "ws_1",
        "ws_-1_000000000", "ws_1_000000000_", "ws_99999999999999999999_000000000", "ws_+1_000000000",
    ])
    func `other texts are no names`(text: String) { #expect(ConnectionName(text) == nil) }

    @Test(arguments: [
        ("PT30M", "2024-01-31T10:30:00.000Z"), ("PT0S", "2024-01-31T10:00:00.000Z"),
        ("P1D", "2024-02-01T10:00:00.000Z"), ("P1DT2H3M4S", "2024-02-01T12:03:04.000Z"),
        ("PT0.5S", "2024-01-31T10:00:00.500Z"), ("PT0,25H", "2024-01-31T10:15:00.000Z"),
        ("P2W", "2024-02-14T10:00:00.000Z"), ("P1M", "2024-02-29T10:00:00.000Z"),
        ("P1Y", "2025-01-31T10:00:00.000Z"), ("P1Y1M", "2025-02-28T10:00:00.000Z"),
        ("P11M", "2024-12-31T10:00:00.000Z"), ("PT36H", "2024-02-01T22:00:00.000Z"),
        ("P0,5D", "2024-01-31T22:00:00.000Z"),
    ])
    func `a duration is added to a time`(text: String, end: String) {
        let start = Timestamp(parsing: "2024-01-31T10:00:00.000Z".utf8.span)
        #expect(start.flatMap { ISODuration(text)?.added(to: $0).text } == end)
    }

    @Test(arguments: [
        "", "P", "PT", "30M", "PT30", "P30", "PT30m", "PT-5M", "-PT5M", "P1DT", "PT5S5M", "PT1.5H30M", "P1.5M", "P1H",
        "PT5D", "PT.5S", "PT5.S", "PT5S ", "PT99999999999999999S", "P999999999Y", "PT1e3S", "P1D1D",
    ])
    func `other texts are no durations`(text: String) { #expect(ISODuration(text) == nil) }
}
