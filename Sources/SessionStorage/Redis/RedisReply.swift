internal import CHiredis

/// What a Redis server answers (RESP2).
indirect enum RedisReply: Equatable, Sendable {
    /// `+OK`.
    case status(String)
    /// `-OOM command not allowed…`: a code, and a sentence.
    case error(String)
    /// A number.
    case integer(Int64)
    /// A text or bytes.
    case bytes([UInt8])
    /// Several answers.
    case array([RedisReply])
    /// Nothing, where there might have been something.
    case nothing
}

/// Takes a stream of bytes apart into replies: hiredis' reader.
final class RedisReplyReader {
    /// The stream is no RESP; it cannot be read on from here.
    struct Failure: Error {}

    private let reader: UnsafeMutablePointer<redisReader>

    /// Makes a reader at the beginning of a stream.
    init() {
        guard let reader = redisReaderCreate() else { preconditionFailure("hiredis has no memory for a reader") }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    /// Adds bytes from the stream.
    func feed(_ bytes: Span<UInt8>) throws(Failure) {
        let status = bytes.withUnsafeBytes { buffer in
            redisReaderFeed(reader, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard status == REDIS_OK else { throw Failure() }
    }

    /// The next whole reply; `nil` where more bytes are needed.
    func next() throws(Failure) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw Failure() }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        return Self.reply(object.assumingMemoryBound(to: redisReply.self))
    }

    /// Copies a reply of hiredis, which lives until it is freed.
    private static func reply(_ object: UnsafeMutablePointer<redisReply>) -> RedisReply {
        let reply = object.pointee
        switch reply.type {
        case REDIS_REPLY_STATUS: return .status(String(decoding: bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: bytes(reply), as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(Int64(reply.integer))
        case REDIS_REPLY_STRING: return .bytes(bytes(reply))
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: Int(reply.elements))
            return .array(elements.map { $0.map(Self.reply) ?? .nothing })
        default: return .nothing
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)))
    }
}

extension RedisReply {
    /// The bytes of a text; `nil` for anything else.
    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    /// The characters of a text; `nil` for anything else.
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The value of a number, or of a text that spells one; `nil` for anything else.
    var number: Int64? {
        if case .integer(let number) = self { number } else { text.flatMap { Int64($0) } }
    }
}
