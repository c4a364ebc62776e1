/// Comparisons whose duration tells nothing about where two secrets differ.
package enum ConstantTime {
    /// Whether both hold the same bytes; only the lengths may be learned from the time it takes.
    @inline(never)
    package static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<left.count { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
