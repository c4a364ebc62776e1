import SessionBase

/// Feeds a decoder the same input in every chunking, and finds the first that gives another result.
///
/// Each piece is handed over inside a larger buffer whose bytes before and after it are poison: a decoder that looks past
/// what it was given, or that remembers where an earlier piece lay, shows at once.
package struct DecoderVerifier: Sendable {
    /// A chunking that gave a different result than the whole input.
    package struct Difference: Error, CustomStringConvertible {
        /// The chunking, and what came out of it.
        package var description: String
    }

    /// The seed of the random chunkings, to be printed with a failure.
    package let seed: UInt64
    private static let poison: UInt8 = 0xFE

    /// Makes a verifier whose random chunkings follow from `seed`.
    package init(seed: UInt64) { self.seed = seed }

    /// Decodes `input` in every chunking.
    ///
    /// - Parameters:
    ///   - input: What the decoder reads.
    ///   - decode: Makes a decoder, feeds it each piece in turn and describes everything that came out. The pieces may be
    ///     changed in place. It is told the pieces as buffers with the range that belongs to it.
    /// - Returns: The result of the whole input.
    /// - Throws: ``Difference``.
    @discardableResult
    package func verify<Output: Equatable>(
        _ input: [UInt8], decode: (_ pieces: [Piece]) throws -> Output
    ) throws -> Output {
        var random = SeededRandom(seed: seed)
        let expected = try decode(Self.pieces(of: input, plan: .whole(input.count)))
        for plan in ChunkPlan.all(for: input.count, using: &random) {
            let output = try decode(Self.pieces(of: input, plan: plan))
            guard output == expected else {
                throw Difference(description: "seed \(seed), \(plan): \(output), but in one piece: \(expected)")
            }
        }
        return expected
    }

    /// A stretch of input with poison around it.
    package struct Piece: Sendable {
        /// The poisoned buffer.
        package var buffer: [UInt8]
        /// Where the piece lies in it.
        package var range: Range<Int>

        /// Says which stretch of a buffer is the piece.
        package init(buffer: [UInt8], range: Range<Int>) {
            self.buffer = buffer
            self.range = range
        }
    }

    /// Cuts `input` as `plan` says, each piece between poison.
    package static func pieces(of input: [UInt8], plan: ChunkPlan) -> [Piece] {
        var start = 0
        return plan.lengths.map { length in
            let margin = Array(repeating: poison, count: 3 + start % 5)
            let buffer = margin + input[start..<start + length] + margin
            start += length
            return Piece(buffer: buffer, range: margin.count..<margin.count + length)
        }
    }
}
