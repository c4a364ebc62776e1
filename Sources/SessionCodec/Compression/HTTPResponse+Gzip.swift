import SessionBase

/// Bodies under `Content-Encoding: gzip` (RFC 9110 §8.4, PROTOCOLS 1-30).
extension HTTPResponse {
    /// A shorter body is not worth the time.
    private static let gzipBytesMin = 1024

    /// The response with its body compressed, where that pays and the client takes it.
    ///
    /// `Vary` is added to whatever might have been compressed. The entity tag stays: it names a version of the state, and
    /// `If-Match` must go on to hold.
    ///
    /// - Parameter fields: Those of the request.
    package func gzipped(for fields: HTTPFields) -> HTTPResponse {
        guard body.count >= Self.gzipBytesMin, !self.fields.contains("content-encoding") else { return self }
        var response = self
        response.fields.append("Vary", "Accept-Encoding")
        guard fields.acceptsGzip else { return response }
        let compressed = Zlib.compress(body.span, as: .gzip, level: .fastest)
        guard compressed.count < body.count else { return response }
        response.body = compressed
        response.fields.append("Content-Encoding", "gzip")
        return response
    }

    /// The response with its body as it was before ``gzipped(for:)``; others come back unchanged.
    ///
    /// - Parameter bytesMax: The longest body, so that a small response cannot ask for all memory.
    package func gunzipped(bytesMax: Int) throws(Zlib.Failure) -> HTTPResponse {
        guard fields.containsToken("content-encoding", "gzip") || fields.containsToken("content-encoding", "x-gzip")
        else { return self }
        var response = self
        // A response to HEAD names the encoding of a body that it does not have.
        if !body.isEmpty { response.body = try Zlib.decompress(body.span, as: .gzip, bytesMax: bytesMax) }
        response.fields.remove("Content-Encoding")
        return response
    }
}

extension HTTPFields {
    /// Whether `Accept-Encoding` takes gzip: by name, or by `*` where the name is missing (RFC 9110 §12.5.3).
    fileprivate var acceptsGzip: Bool {
        guard let codings = elements(of: "accept-encoding") else { return false }
        func isWanted(_ coding: HTTPListElement) -> Bool {
            guard let weight = coding.parameters.first(where: { $0.name.lowercased() == "q" })?.value else {
                return true
            }
            return Double(weight).map { $0 > 0 } ?? false
        }
        let named = codings.first { ["gzip", "x-gzip"].contains($0.name.lowercased()) }
        return (named ?? codings.first { $0.name == "*" }).map(isWanted) ?? false
    }
}
