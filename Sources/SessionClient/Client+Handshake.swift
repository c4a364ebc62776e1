import SessionBase
package import SessionCodec
import SessionCrypto
import SessionIO

/// The HTTP phase: a handshake, or a plain request where that was asked for.
extension Client {
    /// Writes the request that opens the conversation.
    func sendRequest() {
        let endpoint = configuration.endpoint
        if let target = configuration.plainTarget {
            var fields = self.fields
            fields.set("Host", endpoint.authority)
            fields.set("Connection", "close")
            connection.request(
                HTTPRequest(head: HTTPRequestHead(target: target, fields: fields)), output: &outbox)
            return
        }
        let handshake = ClientHandshake(
            target: endpoint.target, authority: endpoint.authority, nonce: (SecureRandom.word(), SecureRandom.word()),
            subprotocols: configuration.subprotocols,
            compression: configuration.offersCompression ? .client : nil, fields: fields)
        connection.request(handshake, output: &outbox)
    }

    /// The fields that a person asked for.
    private var fields: HTTPFields {
        var fields = HTTPFields()
        if let origin = configuration.origin { fields.append("Origin", origin) }
        for (name, value) in configuration.headers { fields.append(name, value) }
        return fields
    }

    /// What the handshake settled.
    func report(at now: Instant) -> HandshakeReport {
        let fields = connection.takeResponse().fields.pairs
        return HandshakeReport(
            address: address, subprotocol: connection.subprotocol,
            isCompressed: connection.compresses(bytes: configuration.messageBytesMax), duration: now - startedAt,
            fields: fields)
    }

    /// Ends the attempt with the answer: what a plain request wanted, or the refusal of a handshake.
    func didAnswer() {
        let response = connection.takeResponse()
        if configuration.plainTarget != nil { return answer(response) }
        fail(.refused(RefusedHandshake(response, from: configuration.endpoint)))
    }
}

extension RefusedHandshake {
    /// Reads what a server says about a refusal: the JSON of PROTOCOLS §1.6, or the first line of any text.
    package init(_ response: HTTPResponse, from endpoint: Endpoint) {
        self.init(
            endpoint: endpoint.publicDescription, status: response.status.rawValue,
            phrase: "\(response.status.phrase)", message: Self.message(of: response),
            retryAfter: response.fields["Retry-After"].flatMap { UInt16($0) }.map { .seconds(Int($0)) })
    }

    /// A longer line is no message for people.
    private static let messageCharactersMax = 200

    private static func message(of response: HTTPResponse) -> String {
        if let location = response.fields["Location"] { return "the service has moved to \(location)" }
        // A body that is no JSON is read as text below.
        if let value = try? JSONValue.parse(response.body.span) {
            if let message = value["message"]?.string ?? value["error"]?.string { return message }
        }
        let text = String(decoding: response.body.prefix(4 * messageCharactersMax), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        // A page of markup says nothing on one line.
        return line.hasPrefix("<") ? "" : String(line.prefix(messageCharactersMax))
    }
}
