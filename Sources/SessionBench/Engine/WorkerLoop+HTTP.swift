import SessionBase
import SessionClient
import SessionCodec
import SessionIO

/// Connections of plain HTTP/1.1, kept alive: behind TCP and TLS they are open, or introduce themselves, and then carry
/// requests and answers in order (RFC 9112 §9.3).
extension WorkerLoop where Work: ~Copyable {
    /// The longest body that is accepted.
    private static var bodyBytesMax: Int { 64 << 20 }

    /// Begins with HTTP behind TCP, or TLS.
    mutating func beginHTTP(_ link: Int) {
        links[link].isInsideMessage = false
        wires[link].parser = HTTPMessageParser(role: .client, limits: HTTPLimits(bodyBytesMax: Self.bodyBytesMax))
        links[link].state = .greeting
        desk.now = now
        // One that was open before has done all this.
        guard !isLoading, work.introduce(link, &desk) else { return join(link) }
        deliver()
    }

    /// Takes note of an answer to what a connection says first.
    mutating func didIntroduce(_ link: Int, _ answer: GreetingAnswer) {
        switch answer {
        case .welcome: join(link)
        // What has an answer goes on; its time-out counts from there.
        case .other, .part: wires[link].startedAt = now
        case .refusal(let clause): didRefuse(link, clause)
        }
    }

    /// Handles one answer, or what there is of it.
    @inline(__always)
    mutating func readHTTP(_ link: Int, _ bytes: Span<UInt8>, from cursor: inout Int) {
        if !links[link].isInsideMessage, case .whole(let reply, let end) = HTTPReply.scan(bytes, from: cursor) {
            cursor = end
            return hear(link, reply, bytes)
        }
        parseHTTP(link, bytes, from: &cursor)
    }

    /// Lets the parser read what is no whole answer.
    @inline(never)
    private mutating func parseHTTP(_ link: Int, _ bytes: Span<UInt8>, from cursor: inout Int) {
        links[link].isInsideMessage = true
        let message: HTTPMessage?
        do {
            message = try wires[link].parser?.parse(bytes, from: &cursor)
        } catch {
            cursor = bytes.count
            return end(link, "http invalid")
        }
        guard let message else { return }
        links[link].isInsideMessage = false
        guard case .response(let response) = message else { return }
        let body = response.body
        // Swift 6.3 does not keep an array alive for its span while the place it was read from is replaced.
        defer { withExtendedLifetime(body) {} }
        let closes = response.fields.has("connection", "close")
        hear(link, HTTPReply(status: response.status.rawValue, body: 0..<body.count, closes: closes), body.span)
    }
}
