package import SessionBase

/// The masking keys of one client connection (RFC 6455 §5.3: unpredictable, a fresh one for each frame).
package struct MaskKeys: Sendable {
    private let function: SipHash
    private var count: UInt64 = 0

    /// Draws the keys from a function that nobody else can know; the same function gives the same keys.
    package init(function: SipHash) { self.function = function }

    /// The key of the next frame, its first byte in the lowest place.
    package mutating func next() -> UInt32 {
        count &+= 1
        return UInt32(truncatingIfNeeded: function.hash(count))
    }
}
