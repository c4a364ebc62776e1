import SessionCodec

/// How a document's content lies in a store (PROTOCOLS 1-30): a first byte that says how, then the content.
///
/// | First byte | What follows |
/// | --- | --- |
/// | `0` | the content itself |
/// | `1` | the content in the zlib format (RFC 1950) |
enum StoredBody {
    /// Contents from this size on are compressed, in bytes (PROTOCOLS 1-30).
    static let compressedFrom = 8192

    private static let plain: UInt8 = 0
    private static let compressed: UInt8 = 1

    /// What is stored for a content; a content that compression makes no smaller stays as it is.
    static func encode(_ content: [UInt8]) -> [UInt8] {
        if content.count >= compressedFrom {
            // The fastest level: the one thread that writes does this, and the others gain a tenth for ten times the work.
            let small = Zlib.compress(content.span, level: .fastest)
            if small.count < content.count { return [compressed] + small }
        }
        var stored: [UInt8] = []
        stored.reserveCapacity(content.count + 1)
        stored.append(plain)
        stored += content
        return stored
    }

    /// The content of what is stored; `nil` where it is damaged.
    ///
    /// - Parameter size: The content's size in bytes, as it was noted when it was stored.
    static func decode(_ stored: [UInt8], size: Int) -> [UInt8]? {
        switch stored.first {
        case plain: return stored.count == size + 1 ? Array(stored.dropFirst()) : nil
        case compressed:
            // Why it cannot be read changes nothing: the document is lost.
            let content = try? Zlib.decompress(stored.span.extracting(1..<stored.count), bytesMax: size)
            return content?.count == size ? content : nil
        default: return nil
        }
    }
}
