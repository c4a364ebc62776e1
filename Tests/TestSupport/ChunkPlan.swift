package import SessionBase

/// Where a stretch of input is cut before it is fed to a decoder.
package struct ChunkPlan: Sendable, CustomStringConvertible {
    /// Lengths of the pieces, in order; they add up to the input's length.
    package var lengths: [Int]

    /// All of the input at once.
    package static func whole(_ count: Int) -> ChunkPlan { ChunkPlan(lengths: [count]) }

    /// One byte at a time.
    package static func bytes(_ count: Int) -> ChunkPlan { ChunkPlan(lengths: Array(repeating: 1, count: count)) }

    /// Two pieces, the first of `first` bytes.
    package static func split(_ count: Int, at first: Int) -> ChunkPlan { ChunkPlan(lengths: [first, count - first]) }

    /// Pieces of random length: mostly short ones, some long, some empty.
    package static func random(_ count: Int, using random: inout SeededRandom) -> ChunkPlan {
        var lengths: [Int] = []
        var left = count
        while left > 0 {
            let most = [1, 3, 16, 200, max(1, count / 8)].randomElement(using: &random) ?? 1
            let length = Int.random(in: 0...min(left, most), using: &random)
            lengths.append(length)
            left -= length
        }
        return ChunkPlan(lengths: lengths)
    }

    /// Every plan that the input is worth.
    ///
    /// Up to 300 bytes: whole, byte by byte, all pairs, and 20 random ones. Longer inputs are cut in two at the first 20
    /// places and at a few more, and those beyond 100,000 bytes are not fed by the byte.
    package static func all(for count: Int, using random: inout SeededRandom) -> [ChunkPlan] {
        var plans = [whole(count)]
        if count <= 100_000 { plans.append(bytes(count)) }
        let isShort = count <= 300
        plans += (0...min(count, isShort ? count : 20)).map { split(count, at: $0) }
        if !isShort { plans += (1...5).map { split(count, at: count / 6 * $0) } }
        for _ in 0..<(isShort ? 20 : 5) { plans.append(.random(count, using: &random)) }
        return plans
    }

    package var description: String { "chunks of \(lengths)" }
}
