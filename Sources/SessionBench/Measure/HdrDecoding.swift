package import SessionBase
import SessionCodec

/// Why some bytes are not a histogram that can be read.
package enum HdrDecodingError: Error, Equatable, CustomStringConvertible {
    case notBase64
    case truncated(bytes: Int, expected: Int)
    case trailing(bytes: Int)
    case unknownCookie(UInt32)
    case oldVersion(Int)
    case damagedCompression
    case tooLarge(bytesMax: Int)
    case impossibleLayout(lowest: Int64, highest: Int64, digits: UInt32)
    case scaled
    case tooManyCounts(slots: Int)
    case tooLargeCount

    package var description: String {
        switch self {
        case .notBase64: "the histogram is not base64"
        case .truncated(let bytes, let expected): "the histogram ends after \(bytes) bytes; expected \(expected)"
        case .trailing(let bytes): "\(bytes) bytes follow the histogram's end"
        case .unknownCookie(let cookie):
            "the histogram begins with 0x\(String(cookie, radix: 16)); expected 0x1c849313 or 0x1c849314 (HdrHistogram V2)"
        case .oldVersion(let version): "the histogram is in encoding V\(version); only V2 is read"
        case .damagedCompression: "the histogram's compressed part is damaged"
        case .tooLarge(let bytesMax): "the histogram has more than \(bytesMax) bytes when decompressed"
        case .impossibleLayout(let lowest, let highest, let digits):
            "no histogram has lowest \(lowest), highest \(highest) and \(digits) digits"
        case .scaled: "the histogram's values are scaled or shifted; only histograms of integers are read"
        case .tooManyCounts(let slots): "the histogram has counts beyond its \(slots) slots"
        case .tooLargeCount: "a count of the histogram is damaged: nobody counts so far"
        }
    }
}

/// Reads the V2 encoding, plain and compressed, of this and of other tools.
///
/// A histogram with another range or number of digits is counted anew: each value as the middle of its slot there. The
/// unit is taken to be the nanosecond.
extension HdrEncoding {
    /// More than a histogram of five digits over ten decades has, and little enough for any machine.
    private static let plainBytesMax = 16 << 20
    /// The largest count that is believed: beyond it, and already before, doubles are not exact.
    private static let countMax: Int64 = 1 << 53

    /// Reads a histogram in base64, as logs and documents hold it.
    package static func decodeCompressed(_ text: String) throws(HdrDecodingError) -> HdrHistogram {
        let text = Array(text.utf8)
        return try decodeCompressed(text.span)
    }

    /// Reads a histogram in base64, as logs and documents hold it.
    package static func decodeCompressed(_ text: Span<UInt8>) throws(HdrDecodingError) -> HdrHistogram {
        guard let bytes = Base64.decode(text) else { throw .notBase64 }
        return try decode(bytes.span)
    }

    /// Reads a histogram, compressed or not; all bytes belong to it.
    package static func decode(_ bytes: Span<UInt8>) throws(HdrDecodingError) -> HdrHistogram {
        var reader = ByteReader()
        let cookie = try reader.integer(UInt32.self, of: bytes)
        guard cookie & 0xF0 == 0x10 || isOld(cookie) else { throw .unknownCookie(cookie) }
        switch cookie & ~0xF0 {
        case plainCookie: return try decodePlain(bytes)
        case compressedCookie: break
        case 0x1C84_9301, 0x1C84_9302: throw .oldVersion(1)
        case 0x1C84_9308, 0x1C84_9309: throw .oldVersion(0)
        default: throw .unknownCookie(cookie)
        }
        let length = try reader.integer(UInt32.self, of: bytes)
        try reader.expectRest(Int(length), of: bytes)
        let plain = try decompress(bytes.extracting(compressedHeaderBytes...))
        return try decodePlain(plain.span)
    }

    /// Versions 0 and 1 tell the size of their counts where V2 has a constant.
    private static func isOld(_ cookie: UInt32) -> Bool {
        [0x1C84_9301, 0x1C84_9302, 0x1C84_9308, 0x1C84_9309].contains(cookie & ~0xF0)
    }

    private static func decompress(_ bytes: Span<UInt8>) throws(HdrDecodingError) -> [UInt8] {
        do throws(Zlib.Failure) {
            return try Zlib.decompress(bytes, bytesMax: plainBytesMax)
        } catch {
            switch error {
            case .invalid, .truncated: throw .damagedCompression
            case .trailing(let count): throw .trailing(bytes: count)
            case .tooLarge(let bytesMax): throw .tooLarge(bytesMax: bytesMax)
            }
        }
    }

    private static func decodePlain(_ bytes: Span<UInt8>) throws(HdrDecodingError) -> HdrHistogram {
        var reader = ByteReader()
        let cookie = try reader.integer(UInt32.self, of: bytes)
        guard cookie == plainCookie | 0x10 else { throw .unknownCookie(cookie) }
        let length = try reader.integer(UInt32.self, of: bytes)
        let offset = try reader.integer(UInt32.self, of: bytes)
        let digits = try reader.integer(UInt32.self, of: bytes)
        let lowest = try reader.integer(Int64.self, of: bytes)
        let highest = try reader.integer(Int64.self, of: bytes)
        let ratio = Double(bitPattern: try reader.integer(UInt64.self, of: bytes))
        guard offset == 0, ratio == 1 else { throw .scaled }
        guard let layout = HdrLayout(lowest: lowest, highest: highest, digits: Int(digits)) else {
            throw .impossibleLayout(lowest: lowest, highest: highest, digits: digits)
        }
        try reader.expectRest(Int(length), of: bytes)
        return try decodeCounts(&reader, of: bytes, layout)
    }

    private static func decodeCounts(
        _ reader: inout ByteReader, of bytes: Span<UInt8>, _ layout: HdrLayout
    ) throws(HdrDecodingError) -> HdrHistogram {
        var histogram = HdrHistogram()
        var slot = 0
        while !reader.isAtEnd(of: bytes) {
            let number = try reader.zigZag(of: bytes)
            guard number >= 0 else {
                // The magnitude may not fit a signed number, so that it is compared before it is added.
                guard number.magnitude <= UInt64(layout.slotCount - slot) else {
                    throw .tooManyCounts(slots: layout.slotCount)
                }
                slot += Int(number.magnitude)
                continue
            }
            guard slot < layout.slotCount else { throw .tooManyCounts(slots: layout.slotCount) }
            guard number <= countMax else { throw .tooLargeCount }
            let (low, high) = layout.values(in: slot)
            if number > 0 { histogram.record(between: low, and: high, times: UInt64(number)) }
            slot += 1
        }
        return histogram
    }
}

/// A place in some bytes, from which numbers are read.
private struct ByteReader {
    private var place = 0

    func isAtEnd(of bytes: Span<UInt8>) -> Bool { place == bytes.count }

    /// Reads a big-endian integer.
    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, of bytes: Span<UInt8>
    ) throws(HdrDecodingError) -> Value {
        let end = place + Value.bitWidth / 8
        guard end <= bytes.count else { throw .truncated(bytes: bytes.count, expected: end) }
        var value: Value = 0
        for index in place..<end { value = value << 8 | Value(truncatingIfNeeded: bytes[index]) }
        place = end
        return value
    }

    /// Reads a number as the payload spells it.
    mutating func zigZag(of bytes: Span<UInt8>) throws(HdrDecodingError) -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, through: 56, by: 7) {
            guard place < bytes.count else { throw .truncated(bytes: bytes.count, expected: bytes.count + 1) }
            let byte = bytes[place]
            place += 1
            let isNinth = shift == 56
            value |= UInt64(isNinth ? byte : byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { break }
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    /// Checks that exactly `count` bytes are left.
    func expectRest(_ count: Int, of bytes: Span<UInt8>) throws(HdrDecodingError) {
        let rest = bytes.count - place
        if rest < count { throw .truncated(bytes: bytes.count, expected: place + count) }
        if rest > count { throw .trailing(bytes: rest - count) }
    }
}
