import SessionBase

/// The parts of a signed token in compact serialisation (RFC 7515 §7.1), decoded; nothing is verified yet.
///
///     header "." payload "." signature
///     └──── what is signed ─┘
package struct CompactToken: Sendable {
    /// Longer tokens are refused before anything is decoded: as much as a request's URI may have (PROTOCOLS §1.4).
    package static let bytesMax = 8 * 1024

    /// The whole header.
    package let header: JSONObject
    /// `alg`; `nil` where it is missing or no string.
    package let algorithmName: String?
    /// `kid`; `nil` where there is none.
    package let keyID: String?
    /// The payload's bytes, which are JSON in a JWT.
    package let payload: [UInt8]
    /// The signature's bytes; empty where nothing stands behind the second dot.
    package let signature: [UInt8]
    /// How many bytes of the text are signed: header and payload with the dot between them.
    package let signedCount: Int

    /// Takes a token apart.
    ///
    /// - Throws: ``TokenFailure`` for another form, an encoding that is not the shortest, a repeated name in the header, or
    ///   `crit`. Whether `alg` is acceptable is for the keys to say.
    package static func parse(_ text: Span<UInt8>) throws(TokenFailure) -> CompactToken {
        guard text.count <= bytesMax else { throw .tooLong(limit: bytesMax) }
        let dots = text.indices.filter { text[$0] == UInt8(ascii: ".") }
        guard dots.count == 2 else { throw .parts }
        let header = try JSONObject.parse(part: try decode(text.extracting(0..<dots[0]), .header), .header)
        guard header["crit"] == nil else { throw .criticalExtension }
        return CompactToken(
            header: header, algorithmName: header["alg"]?.string, keyID: try keyID(of: header),
            payload: try decode(text.extracting((dots[0] + 1)..<dots[1]), .payload),
            signature: try decode(text.extracting((dots[1] + 1)..<text.count), .signature), signedCount: dots[1])
    }

    private static func decode(_ text: Span<UInt8>, _ part: TokenFailure.Part) throws(TokenFailure) -> [UInt8] {
        guard let bytes = Base64URL.decode(text) else { throw .encoding(part) }
        return bytes
    }

    private static func keyID(of header: JSONObject) throws(TokenFailure) -> String? {
        guard let value = header["kid"] else { return nil }
        guard let name = value.string else { throw .object(.header) }
        return name
    }
}

extension JSONObject {
    /// Reads a header or a payload; names that are given twice are refused, since readers disagree on which counts
    /// (RFC 7515 §4, RFC 7519 §4).
    package static func parse(part bytes: [UInt8], _ part: TokenFailure.Part) throws(TokenFailure) -> JSONObject {
        var object = JSONObject()
        var count = 0
        do throws(JSONError) {
            var reader = JSONReader()
            try reader.beginObject(in: bytes.span)
            while let key = try reader.nextKey(in: bytes.span) {
                object[key.string(in: bytes.span)] = try JSONValue(reading: &reader, in: bytes.span)
                count += 1
            }
            try reader.end(in: bytes.span)
        } catch {
            throw .object(part)
        }
        guard object.members.count == count else { throw .object(part) }
        return object
    }
}
