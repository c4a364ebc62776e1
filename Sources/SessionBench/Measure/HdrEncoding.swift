package import SessionBase
import SessionCodec

/// Histograms as bytes that every HdrHistogram tool reads: the V2 encoding, plain and compressed.
///
///     plain:       cookie 4 │ payload bytes 4 │ offset 4 │ digits 4 │ lowest 8 │ highest 8 │ ratio 8 │ payload
///     compressed:  cookie 4 │ bytes that follow 4 │ the plain encoding in the zlib format
///
/// Numbers are big-endian. The payload holds one count after the other, from the smallest values' slot to the last one
/// that is not empty, as a ZigZag LEB128 of at most nine bytes; a negative number −n stands for n empty slots.
package enum HdrEncoding {
    /// The fourth byte of a cookie's low half tells the longest number's bytes; this is how V2 fills it in.
    private static let wordSize: UInt32 = 0x10
    static let plainCookie: UInt32 = 0x1C84_9303
    static let compressedCookie: UInt32 = 0x1C84_9304
    /// Bytes before the payload, and before the compressed part.
    static let plainHeaderBytes = 40
    static let compressedHeaderBytes = 8

    /// A histogram in V2, not compressed.
    package static func encode(_ histogram: HdrHistogram) -> [UInt8] {
        let payload = payload(of: histogram)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plainHeaderBytes + payload.count)
        bytes.appendBigEndian(plainCookie | wordSize)
        bytes.appendBigEndian(UInt32(payload.count))
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(UInt32(HdrHistogram.significantDigits))
        bytes.appendBigEndian(UInt64(HdrHistogram.lowestDiscernible))
        bytes.appendBigEndian(UInt64(HdrHistogram.highestTrackable))
        bytes.appendBigEndian((1.0).bitPattern)
        return bytes + payload
    }

    /// A histogram in V2, compressed, in base64: `HISTFAAAA…`, as logs and documents hold it.
    package static func encodeCompressed(_ histogram: HdrHistogram) -> String {
        let plain = encode(histogram)
        let compressed = Zlib.compress(plain.span)
        var bytes: [UInt8] = []
        bytes.appendBigEndian(compressedCookie | wordSize)
        bytes.appendBigEndian(UInt32(compressed.count))
        bytes += compressed
        return String(decoding: Base64.encode(bytes.span), as: UTF8.self)
    }

    /// The counts up to the last one that is not zero; one zero for a histogram without any.
    private static func payload(of histogram: HdrHistogram) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = 0
        for (slot, times) in histogram.recordedSlots {
            append(empty: slot - next, to: &bytes)
            bytes.appendZigZag(Int64(clamping: times))
            next = slot + 1
        }
        if next == 0 { bytes.appendZigZag(0) }
        return bytes
    }

    /// One empty slot is a zero, several are their negative number.
    private static func append(empty count: Int, to bytes: inout [UInt8]) {
        if count > 0 { bytes.appendZigZag(count == 1 ? 0 : Int64(-count)) }
    }
}

extension [UInt8] {
    /// Appends an integer, its highest byte first.
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends a number with its sign in the lowest bit, seven bits a byte from the lowest on; the high bit of a byte tells
    /// that more follow, but the ninth byte, if there is one, has eight bits of the number.
    fileprivate mutating func appendZigZag(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        for _ in 0..<8 {
            if rest < 0x80 { return append(UInt8(rest)) }
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
