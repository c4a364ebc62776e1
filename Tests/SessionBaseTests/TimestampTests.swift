import SessionBase
import Testing

@Suite struct TimestampTests {
    private static func parse(_ text: String) -> Timestamp? { Timestamp(parsing: [UInt8](text.utf8).span) }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
        ("2024-01-15T10:30:00Z", 1_705_314_600_000), ("2024-01-15T11:30:00+01:00", 1_705_314_600_000),
        ("2024-01-15T05:00:00-05:30", 1_705_314_600_000), ("2024-01-15t10:30:00z", 1_705_314_600_000),
        ("2024-01-15T10:30:00-00:00", 1_705_314_600_000), ("2024-01-15T10:30:00.5Z", 1_705_314_600_500),
        ("2024-01-15T10:30:00.25Z", 1_705_314_600_250), ("2024-01-15T10:30:00.123456789Z", 1_705_314_600_123),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2017-01-01T00:59:60+01:00", 1_483_228_800_000),
        ("2024-01-01T00:30:00+23:59", 1_703_982_660_000),
    ])
    func `a time of RFC 3339 is read to the millisecond`(text: String, milliseconds: Int64) {
        #expect(Self.parse(text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "2024", "2024-01-15", "2024-01-15T10:30:00", "2024-01-15T10:30:00.000", "2024-01-15 10:30:00Z",
        "2024-01-15T10:30Z", "2024-01-15T10:30:00 Z", "2024-01-15T10:30:00.Z", "2024-01-15T10:30:00,5Z",
        "2024-01-15T10:30:00.1234567890Z", "2024-01-15T10:30:00Z ", " 2024-01-15T10:30:00Z", "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z", "2024-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2024-01-15T24:00:00Z",
        "2024-01-15T10:60:00Z", "2024-01-15T10:30:60Z", "2024-01-15T23:59:61Z", "2024-01-15T23:59:60+01:00",
        "2024-01-15T10:30:00+0100", "2024-01-15T10:30:00+01", "2024-01-15T10:30:00+24:00", "2024-01-15T10:30:00+01:60",
        "24-01-15T10:30:00Z", "+2024-01-15T10:30:00Z", "-001-01-15T10:30:00Z", "2024-1-15T10:30:00Z",
        "20240115T103000Z", "2024-01-15T10:30:00ZZ", "2024-01-15T10:30:00\u{0}Z", "2024-01-15T1a:30:00Z",
    ])
    func `a time without a zone, or one that does not exist, is refused`(text: String) {
        #expect(Self.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (-86_400_000, "1969-12-31T00:00:00.000Z"),
        (1_704_623_400_000, "2024-01-07T10:30:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func `a time is written in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
    }

    @Test func `what is written reads back the same`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let time = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(Self.parse(time.text) == time, "seed \(seed)")
        }
    }

    @Test func `the day before and after every month's end are one day apart`() {
        var day = Timestamp.days(year: 1896, month: 1, day: 1)
        for year in 1896...2104 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in zip(1..., [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                for dayOfMonth in [1, length] {
                    let expected = day + Int64(dayOfMonth - 1)
                    #expect(Timestamp.days(year: year, month: month, day: dayOfMonth) == expected)
                    let date = Timestamp(milliseconds: expected * 86_400_000 + 1).date
                    #expect(date == (year, month, dayOfMonth))
                }
                day += Int64(length)
            }
        }
    }

    @Test func `seconds and days are rounded down before 1970 too`() {
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: -1000).seconds == -1)
        #expect(Timestamp(milliseconds: -1001).seconds == -2)
        #expect(Timestamp(milliseconds: 1999).seconds == 1)
        #expect(Timestamp(milliseconds: -1).secondOfDay == 86_399)
        #expect(Timestamp(milliseconds: 0).dayOfWeek == 4)
        #expect(Timestamp(milliseconds: -1).dayOfWeek == 3)
        #expect(Timestamp(milliseconds: -4 * 86_400_000).dayOfWeek == 0)
    }
}
