/// A request target taken apart: the path that routes, and the query.
///
/// Understands origin-form `/ws?v=2`, absolute-form `http://host/ws?v=2` and `*` (RFC 9112 §3.2).
package struct HTTPTarget: Equatable, Sendable {
    /// The path, percent-decoded and never empty; `*` for the server as a whole.
    package var path: String
    /// What follows the question mark, as it was sent; `nil` without one.
    package var rawQuery: String?
    /// Host and port of an absolute-form target.
    package var authority: String?

    /// Takes apart a target that a parser has accepted.
    ///
    /// An escape that is none stays as it is; bytes that are no UTF-8 become U+FFFD.
    package init(_ text: String) {
        var rest = Substring(text)
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            let afterScheme = rest[scheme.upperBound...]
            let end = afterScheme.firstIndex { $0 == "/" || $0 == "?" } ?? afterScheme.endIndex
            authority = String(afterScheme[..<end])
            rest = afterScheme[end...]
        }
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            rawQuery = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        path = rest.isEmpty ? "/" : PercentEncoding.decode(rest.utf8, plusIsSpace: false)
    }

    /// The segments of a target's path, percent-decoded each, so that an escaped slash divides nothing.
    ///
    /// - Parameter target: Such as `/session/1?x=y`, or the same with scheme and authority; empty segments count.
    package static func segments(of target: String) -> [String] {
        var rest = Substring(target)
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" }
        }
        let path = rest.utf8.prefix { $0 != UInt8(ascii: "?") }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
            .map { PercentEncoding.decode($0, plusIsSpace: false) }
    }

    /// The parameters of the query in order, percent-decoded; a plus sign is a space.
    package var query: [(name: String, value: String)] {
        guard let rawQuery else { return [] }
        return rawQuery.utf8.split(separator: UInt8(ascii: "&")).map { parameter in
            let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            return (PercentEncoding.decode(parts[0], plusIsSpace: true), value)
        }
    }

    /// The value of the first parameter of a name.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

extension Substring {
    /// Where `text`, which is ASCII, first appears.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// Percent-encoding of URLs (RFC 3986 §2.1).
package enum PercentEncoding {
    /// The characters that `bytes` spell.
    static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            if byte == UInt8(ascii: "%"), let value = hexPair(bytes[index...]) {
                decoded.append(value)
                bytes.formIndex(&index, offsetBy: 2)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// `text` with everything escaped that cannot stand in a request target.
    static func encodeTarget(_ text: some StringProtocol) -> String { encode(text, keeping: \.isTargetCharacter) }

    /// `text` with everything escaped but what has no meaning of its own in any part of a URL (RFC 3986 §2.3), and `!*'()`:
    /// byte for byte what `encodeURIComponent` makes of it, so that a server may compare (ECMA-262 §19.2.6.4).
    package static func encodeComponent(_ text: String) -> String {
        encode(text, keeping: componentCharacters.contains)
    }

    private static let componentCharacters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!*'()".utf8)

    private static func encode(_ text: some StringProtocol, keeping isKept: (UInt8) -> Bool) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(upperHexDigit(byte >> 4))
                encoded.append(upperHexDigit(byte & 15))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// A digit as those who write URLs should write it (RFC 3986 §2.1).
    private static func upperHexDigit(_ value: UInt8) -> UInt8 {
        value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "A") - 10)
    }

    private static func hexPair(_ bytes: some Collection<UInt8>) -> UInt8? {
        var digits = bytes.prefix(2).makeIterator()
        guard let high = digits.next()?.hexDigitValue, let low = digits.next()?.hexDigitValue else { return nil }
        return high << 4 | low
    }
}
