/// One element of `Sec-WebSocket-Extensions`: an extension with its parameters, in order (RFC 6455 §9.1).
package struct ExtensionOffer: Equatable, Sendable {
    /// A parameter; its value is `nil` where there is no equals sign.
    package struct Parameter: Equatable, Sendable {
        package var name: String
        package var value: String?
    }

    /// The extension's registered name.
    package var name: String
    /// What stands behind it, duplicates included.
    package var parameters: [Parameter] = []
}

/// Reads the header field `Sec-WebSocket-Extensions`.
///
///     extension-list = 1#extension
///     extension      = token *( ";" token [ "=" ( token / quoted-string ) ] )
package enum ExtensionList {
    /// The value is not of that form.
    package struct SyntaxError: Error, Equatable {}

    /// Parses a field value; several fields of that name are joined by commas first.
    ///
    /// Empty elements are skipped (RFC 9110 §5.6.1.2). A quoted value must be a token once it is unquoted.
    package static func parse(_ value: some Collection<UInt8>) throws(SyntaxError) -> [ExtensionOffer] {
        var scanner = Scanner(bytes: ArraySlice(value))
        var offers: [ExtensionOffer] = []
        repeat {
            scanner.skipSpace()
            if scanner.bytes.isEmpty || scanner.bytes.first == UInt8(ascii: ",") { continue }
            offers.append(try scanner.offer())
        } while scanner.take(",")
        guard scanner.bytes.isEmpty else { throw SyntaxError() }
        return offers
    }

    private struct Scanner {
        var bytes: ArraySlice<UInt8>

        mutating func skipSpace() {
            bytes = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }

        /// Takes one character if it is next, and the space behind it.
        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard bytes.first == UInt8(ascii: character) else { return false }
            bytes.removeFirst()
            skipSpace()
            return true
        }

        mutating func offer() throws(SyntaxError) -> ExtensionOffer {
            var offer = ExtensionOffer(name: try token())
            while take(";") {
                let name = try token()
                offer.parameters.append(.init(name: name, value: take("=") ? try self.value() : nil))
            }
            return offer
        }

        /// One or more token characters, and the space behind them.
        mutating func token() throws(SyntaxError) -> String {
            let token = bytes.prefix { Self.isTokenCharacter($0) }
            guard !token.isEmpty else { throw SyntaxError() }
            bytes = bytes[token.endIndex...]
            skipSpace()
            return String(decoding: token, as: UTF8.self)
        }

        mutating func value() throws(SyntaxError) -> String {
            guard bytes.first == UInt8(ascii: "\"") else { return try token() }
            bytes.removeFirst()
            var unquoted: [UInt8] = []
            while let byte = bytes.popFirst(), byte != UInt8(ascii: "\"") {
                guard let plain = byte == UInt8(ascii: "\\") ? bytes.popFirst() : byte else { throw SyntaxError() }
                unquoted.append(plain)
                if bytes.isEmpty { throw SyntaxError() }
            }
            guard !unquoted.isEmpty, unquoted.allSatisfy(Self.isTokenCharacter) else { throw SyntaxError() }
            skipSpace()
            return String(decoding: unquoted, as: UTF8.self)
        }

        /// RFC 9110 §5.6.2.
        static func isTokenCharacter(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
