/// What can be fuzzed. A property that does not hold traps, which libFuzzer reports with the input.
enum FuzzTarget: String, CaseIterable {
    case json, http, frames, deflate, sync, channels, board, lockers, tokens

    /// The function that libFuzzer calls. A C function captures nothing, so each target has its own.
    var entry: FuzzEntry {
        switch self {
        case .json: { bytes, count in fuzz(bytes, count, JSONFuzz.check) }
        case .tokens: { bytes, count in fuzz(bytes, count, TokensFuzz.check) }
        case .http: { bytes, count in fuzz(bytes, count, HTTPFuzz.check) }
        case .frames: { bytes, count in fuzz(bytes, count, FramesFuzz.check) }
        case .deflate: { bytes, count in fuzz(bytes, count, DeflateFuzz.check) }
        case .sync: { bytes, count in fuzz(bytes, count, SyncFuzz.check) }
        case .channels: { bytes, count in fuzz(bytes, count, ChannelsFuzz.check) }
        case .board: { bytes, count in fuzz(bytes, count, BoardFuzz.check) }
        case .lockers: { bytes, count in fuzz(bytes, count, LockersFuzz.check) }
        }
    }

    /// Inputs to start from, so that the first mutations are near to what is meant.
    var seeds: [[UInt8]] {
        switch self {
        case .json: JSONFuzz.seeds
        case .tokens: TokensFuzz.seeds
        case .http: HTTPFuzz.seeds
        case .frames: FramesFuzz.seeds
        case .deflate: DeflateFuzz.seeds
        case .sync: SyncFuzz.seeds
        case .channels: ChannelsFuzz.seeds
        case .board: BoardFuzz.seeds
        case .lockers: LockersFuzz.seeds
        }
    }
}

private func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int, _ check: (FuzzInput) -> Void) -> CInt {
    check(FuzzInput(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// One input of libFuzzer: choices, then lengths of chunks, then the payload.
///
///     | choices | n in the low 3 bits | n lengths | payload … |
struct FuzzInput {
    /// Eight yes-or-no decisions that a target makes.
    let choices: UInt8
    /// What is decoded.
    let payload: [UInt8]
    /// Where the payload is cut: the lengths are used in turn for as long as there is payload.
    let chunks: [Range<Int>]

    /// Splits an input; any bytes are one.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        choices = bytes.first ?? 0
        let count = bytes.count > 1 ? Int(bytes[1] & 7) : 0
        let lengths = bytes.dropFirst(2).prefix(count)
        payload = Array(bytes.dropFirst(2 + count))
        chunks = Self.chunks(of: payload.count, lengths)
    }

    /// Makes the bytes of an input, for seeds.
    static func bytes(choices: UInt8 = 0, chunks: [UInt8] = [], _ payload: [UInt8]) -> [UInt8] {
        [choices, UInt8(chunks.count)] + chunks + payload
    }

    /// Whether one of the decisions is yes.
    func choice(_ place: Int) -> Bool { choices >> place & 1 == 1 }

    /// The payload in one piece.
    var whole: [Range<Int>] { [0..<payload.count] }

    private static func chunks(of count: Int, _ lengths: Slice<UnsafeBufferPointer<UInt8>>) -> [Range<Int>] {
        guard lengths.contains(where: { $0 > 0 }) else { return [0..<count] }
        var chunks: [Range<Int>] = []
        var start = 0
        while start < count {
            let length = lengths[lengths.startIndex + chunks.count % lengths.count]
            chunks.append(start..<min(start + Int(length), count))
            start = chunks[chunks.count - 1].upperBound
        }
        return chunks
    }
}

/// Ends the run with a finding where a property does not hold; unlike `precondition`, optimized code prints why.
func require(_ condition: Bool, _ finding: @autoclosure () -> String) {
    if !condition { fatalError(finding()) }
}
