/// The text form of IPv6 addresses: any valid one is read (RFC 4291 §2.2), the canonical one is written (RFC 5952).
enum IPv6Text {
    /// Parses an address without brackets, port or zone.
    static func parse(_ text: some StringProtocol) -> (high: UInt64, low: UInt64)? {
        let halves = split(String(text))
        guard let front = groups(halves.front, isEnd: halves.rear == nil) else { return nil }
        guard let rear = halves.rear else { return front.count == 8 ? number(front) : nil }
        guard let back = groups(rear, isEnd: true), front.count + back.count < 8 else { return nil }
        return number(front + Array(repeating: 0, count: 8 - front.count - back.count) + back)
    }

    /// Splits at the only `::` there may be; a second one fails later as an empty group.
    private static func split(_ text: String) -> (front: Substring, rear: Substring?) {
        var previous: String.Index?
        for index in text.indices {
            if text[index] == ":", let before = previous, text[before] == ":" {
                return (text[..<before], text[text.index(after: index)...])
            }
            previous = index
        }
        return (text[...], nil)
    }

    /// Parses groups between colons; at the end of an address the last two may be written as IPv4.
    private static func groups(_ text: Substring, isEnd: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isEnd, index == parts.count - 1, let address = SocketAddress.ipv4(part) {
                result += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
            } else if part.utf8.count <= 4, let first = part.first, first.isHexDigit,
                let group = UInt16(part, radix: 16)
            {
                result.append(group)
            } else {
                return nil
            }
        }
        return result.count <= 8 ? result : nil
    }

    private static func number(_ groups: [UInt16]) -> (high: UInt64, low: UInt64) {
        let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return (high, groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) })
    }

    /// Writes the canonical form: lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    static func text(high: UInt64, low: UInt64) -> String {
        if high == 0, low >> 32 == 0xffff {
            return "::ffff:" + SocketAddress.ipv4(UInt32(truncatingIfNeeded: low), port: 0).host
        }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(16 * (3 - index % 4)))
        }
        let hex = groups.map { String($0, radix: 16) }
        guard let gap = longestGap(groups) else { return hex.joined(separator: ":") }
        return hex[..<gap.lowerBound].joined(separator: ":") + "::" + hex[gap.upperBound...].joined(separator: ":")
    }

    private static func longestGap(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}
