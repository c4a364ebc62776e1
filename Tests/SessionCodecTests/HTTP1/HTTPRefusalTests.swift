import SessionCodec
import Testing

/// Requests that are refused, most of them because two readers could take them for different messages.
@Suite struct HTTPRefusalTests {
    private static func request(_ lines: String..., body: String = "") -> String {
        (["POST / HTTP/1.1", "Host: x"] + lines).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    static let chunked = "Transfer-Encoding: chunked"

    /// Name, input, status.
    static let cases: [(name: String, text: String, status: Int)] = [
        ("both framings", request("Content-Length: 3", chunked, body: "0\r\n\r\n"), 400),
        ("both framings, the other way round", request(chunked, "Content-Length: 3", body: "0\r\n\r\n"), 400),
        ("differing lengths", request("Content-Length: 3", "Content-Length: 4", body: "abcd"), 400),
        ("the same length twice", request("Content-Length: 3", "content-length: 3", body: "abc"), 400),
        ("a list of lengths", request("Content-Length: 3, 3", body: "abc"), 400),
        ("a plus sign", request("Content-Length: +3", body: "abc"), 400),
        ("a minus sign", request("Content-Length: -3"), 400),
        ("a hexadecimal length", request("Content-Length: 0x3", body: "abc"), 400),
        ("a fraction", request("Content-Length: 3.0", body: "abc"), 400),
        ("an empty length", request("Content-Length:", body: "abc"), 400),
        ("a blank inside of a length", request("Content-Length: 1 0", body: "abc"), 400),
        ("a length beyond 64 bits", request("Content-Length: 18446744073709551619", body: "abc"), 413),
        ("a length beyond the limit", request("Content-Length: 1048577"), 413),
        ("an unknown coding", request("Transfer-Encoding: gzip", body: "0\r\n\r\n"), 501),
        ("chunked not last", request("Transfer-Encoding: chunked, identity", body: "0\r\n\r\n"), 501),
        ("a list that ends chunked", request("Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"), 501),
        ("chunked twice", request(chunked, chunked, body: "0\r\n\r\n"), 501),
        ("chunked in quotes", request("Transfer-Encoding: \"chunked\"", body: "0\r\n\r\n"), 501),
        ("chunked with a vertical tab", request("Transfer-Encoding: \u{B}chunked", body: "0\r\n\r\n"), 400),
        ("an empty coding", request("Transfer-Encoding:", body: "0\r\n\r\n"), 501),
        ("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\n\(chunked)\r\n\r\n0\r\n\r\n", 400),
        ("a space before the colon", request("Content-Length : 3", body: "abc"), 400),
        ("a tab before the colon", request("Transfer-Encoding\t: chunked", body: "0\r\n\r\n"), 400),
        ("a folded field", request("X: a", " b"), 400),
        ("a field folded with a tab", request("X: a", "\tContent-Length: 3"), 400),
        ("a first field with a space", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
        ("a field without a colon", request("Content-Length"), 400),
        ("a field without a name", request(": 3"), 400),
        ("a name with a bracket", request("X[]: 3"), 400),
        ("a name beyond ASCII", request("Ä: 3"), 400),
        ("a bare line feed", "GET / HTTP/1.1\nHost: x\n\n", 400),
        ("a bare line feed between fields", "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400),
        ("a bare carriage return", "GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400),
        ("two carriage returns", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n", 400),
        ("NUL in a value", request("X: a\u{0}b"), 400),
        ("NUL in the target", "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("DEL in a value", request("X: a\u{7F}b"), 400),
        ("an escape in a value", request("X: \u{1B}[2J"), 400),
        ("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        ("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        ("a host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
        ("a host with user information", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", 400),
        ("two words for a host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("a method with a control character", "G\u{1}T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a method that is no token", "G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("no method", " / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("only a method", "GET\r\nHost: x\r\n\r\n", 400),
        ("no version", "GET /\r\nHost: x\r\n\r\n", 400),
        ("two spaces before the target", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("two spaces before the version", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a space behind the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
        ("a fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a target beyond ASCII", "GET /ä HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("another scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a URL without a host", "GET http:///p HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a URL with user information", "GET http://a@b/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("* for GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505),
        ("HTTP/0.9 in words", "GET / HTTP/0.9\r\n\r\n", 505),
        ("a version in lower case", "GET / http/1.1\r\nHost: x\r\n\r\n", 400),
        ("a version of two digits", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400),
        ("another protocol", "GET / SIP/2.0\r\nHost: x\r\n\r\n", 400),
        ("a TLS client hello", "\u{16}\u{3}\u{1}", 400),
        ("another expectation", request("Expect: 200-ok", "Content-Length: 1", body: "x"), 417),
        ("a chunk size with a sign", request(chunked, body: "+3\r\nabc\r\n0\r\n\r\n"), 400),
        ("a chunk size with a prefix", request(chunked, body: "0x3\r\nabc\r\n0\r\n\r\n"), 400),
        ("a space before a chunk size", request(chunked, body: " 3\r\nabc\r\n0\r\n\r\n"), 400),
        ("a space behind a chunk size", request(chunked, body: "3 \r\nabc\r\n0\r\n\r\n"), 400),
        ("an empty chunk size", request(chunked, body: "\r\nabc\r\n0\r\n\r\n"), 400),
        ("only an extension", request(chunked, body: ";a=b\r\n\r\n"), 400),
        ("a chunk size beyond 64 bits", request(chunked, body: "fffffffffffffffff\r\n"), 413),
        ("a chunk size of zeros without end", request(chunked, body: "00000000000000000\r\n\r\n"), 400),
        ("a chunk beyond the limit", request(chunked, body: "100001\r\n"), 413),
        ("a chunk size that ends with LF", request(chunked, body: "3\nabc\r\n0\r\n\r\n"), 400),
        ("a chunk size that ends with CR", request(chunked, body: "3\rabc\r\n0\r\n\r\n"), 400),
        ("a chunk longer than its size", request(chunked, body: "2\r\nabc\r\n0\r\n\r\n"), 400),
        ("a chunk that ends with LF", request(chunked, body: "3\r\nabc\n0\r\n\r\n"), 400),
        ("a line feed in an extension", request(chunked, body: "3;a\nb\r\nabc\r\n0\r\n\r\n"), 400),
        ("a folded trailer", request(chunked, body: "0\r\nA: b\r\n c\r\n\r\n"), 400),
        ("a trailer with a space before the colon", request(chunked, body: "0\r\nA : b\r\n\r\n"), 400),
        ("a bare line feed behind the last chunk", request(chunked, body: "0\r\n\n"), 400),
        ("a bare line feed in the last chunk's size", request(chunked, body: "0\n\r\n"), 400),
    ]

    @Test(arguments: cases)
    func `what two readers could understand differently is refused`(
        name: String, text: String, status: Int
    ) throws {
        let parsing = try HTTPParsing.verified(text)
        #expect(parsing.messages.isEmpty, "\(name)")
        #expect(parsing.error?.status.rawValue == status, "\(name): \(parsing.error?.description ?? "accepted")")
    }

    @Test func `a head of exactly the limit is read and one byte more is 431`() throws {
        func head(bytes: Int) -> String {
            let start = "GET / HTTP/1.1\r\nHost: x\r\nX: "
            return start + String(repeating: "a", count: bytes - start.utf8.count - 4) + "\r\n\r\n"
        }
        #expect(try HTTPParsing.verified(head(bytes: 16_384)).requests.count == 1)
        #expect(try HTTPParsing.verified(head(bytes: 16_385)).error?.status == .headTooLarge)
        #expect(try HTTPParsing.verified(String(head(bytes: 20_000).dropLast(4))).error?.status == .headTooLarge)
    }

    @Test func `a target of exactly the limit is read and one byte more is 414`() throws {
        func head(target: Int) -> String {
            "GET /" + String(repeating: "a", count: target - 1) + " HTTP/1.1\r\nHost: x\r\n\r\n"
        }
        #expect(try HTTPParsing.verified(head(target: 8_192)).requests.count == 1)
        #expect(try HTTPParsing.verified(head(target: 8_193)).error?.status == .uriTooLong)
        #expect(try HTTPParsing.verified(head(target: 20_000)).error?.status == .uriTooLong)
    }

    @Test func `too many fields are 431`() throws {
        func head(fields: Int) -> String {
            "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: fields - 1) + "\r\n"
        }
        #expect(try HTTPParsing.verified(head(fields: 128)).requests.count == 1)
        #expect(try HTTPParsing.verified(head(fields: 129)).error?.status == .headTooLarge)
    }

    @Test func `a body of exactly the limit is read and one byte more is 413`() throws {
        let limits = HTTPLimits(bodyBytesMax: 10)
        for (text, accepted) in [
            (Self.request("Content-Length: 10", body: "0123456789"), true),
            (Self.request("Content-Length: 11", body: "0123456789a"), false),
            (Self.request(Self.chunked, body: "4\r\nabcd\r\n6\r\nefghij\r\n0\r\n\r\n"), true),
            (Self.request(Self.chunked, body: "4\r\nabcd\r\n7\r\nefghijk\r\n0\r\n\r\n"), false),
        ] {
            let parsing = try HTTPParsing.verified(text, limits: limits)
            #expect(parsing.requests.count == (accepted ? 1 : 0))
            #expect(parsing.error?.status == (accepted ? nil : .contentTooLarge))
        }
    }

    @Test func `chunk extensions and trailers are bounded`() throws {
        let long = String(repeating: "a", count: 4_097)
        let extensions = Self.request(Self.chunked, body: "1;\(long)\r\nx\r\n0\r\n\r\n")
        #expect(try HTTPParsing.verified(extensions).error?.status == .contentTooLarge)
        let spread = String(repeating: "1;aaaaaaaaaaaaaaaa\r\nx\r\n", count: 300)
        #expect(try HTTPParsing.verified(Self.request(Self.chunked, body: spread)).error?.status == .contentTooLarge)
        let trailer = "0\r\nX: " + String(repeating: "a", count: 17_000) + "\r\n\r\n"
        #expect(try HTTPParsing.verified(Self.request(Self.chunked, body: trailer)).error?.status == .headTooLarge)
    }

    @Test func `an error answers as JSON`() {
        let response = HTTPParseError(.uriTooLong, "the request target is too long").response
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"error":"URI_TOO_LONG","message":"the request target is too long"}"#)
        #expect(response.fields["content-type"] == "application/json")
    }
}
