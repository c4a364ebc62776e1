import SessionBase
import SessionCodec
import Testing

/// Encoding and decoding are inverses, for random messages in random spellings; damaged ones never do harm.
@Suite struct AwarenessRoundTripTests {
    /// Two seeds for ever, and a fresh one that is printed where it fails.
    private static let seeds: [UInt64] = [1, 0xC0FFEE, UInt64.random(in: .min ... .max)]

    @Test(arguments: seeds)
    func `a client's message is read as it was meant, however it is spelled`(seed: UInt64) throws {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<400 { try expectReturn(of: messages.clientMessage()) { messages.respell($0) } }
    }

    @Test(arguments: seeds)
    func `a server's message is read as it was meant, however it is spelled`(seed: UInt64) throws {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<400 { try expectReturn(of: messages.serverMessage()) { messages.respell($0) } }
    }

    @Test(arguments: seeds)
    func `a damaged message is refused, or read as a careful reader reads it`(seed: UInt64) throws {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<2_000 {
            let message = messages.clientMessage()
            var bytes = message.message.encoded(tag: message.tag)
            messages.damage(&bytes)
            let hint: Comment = "seed \(seed): \(String(decoding: bytes, as: UTF8.self))"
            do {
                let request = try AwarenessRequest.decode(bytes.span)
                #expect(CarefulReader.verdict(bytes) == .accepted(request.kind), hint)
                let again = try AwarenessClientMessage.decode(bytes.span)
                #expect(try AwarenessClientMessage.decode(again.message.encoded(tag: again.tag).span) == again, hint)
            } catch let refusal as AwarenessRefusal {
                #expect(CarefulReader.verdict(bytes) == .refused(refusal.code), hint)
            }
        }
    }
}

/// Reads a request over the tree of its JSON, slowly and plainly: what ``AwarenessRequest`` is held to.
private enum CarefulReader {
    enum Verdict: Equatable {
        case accepted(AwarenessClientKind)
        case refused(AwarenessErrorCode)
    }

    static func verdict(_ bytes: [UInt8]) -> Verdict {
        guard let value = try? JSONValue.parse(bytes.span) else { return .refused(.invalidJSON) }
        guard case .object = value, isTag(value["id"]), let type = value["type"]?.string else {
            return .refused(.invalidMessage)
        }
        guard let kind = AwarenessClientKind.allCases.first(where: { $0.name == type }) else {
            return .refused(.unknownType)
        }
        return isValid(value["payload"], for: kind) ? .accepted(kind) : .refused(.invalidMessage)
    }

    private static func isTag(_ value: JSONValue?) -> Bool {
        switch value {
        case nil: true
        case .string(let text): IdentifierRule.allows(text)
        case .number(let digits): digits.utf8.count <= 40
        default: false
        }
    }

    private static func isValid(_ payload: JSONValue?, for kind: AwarenessClientKind) -> Bool {
        guard case .object? = payload else { return kind == .ping && (payload == nil || payload == .null) }
        let isUser = isIdentifier(payload?["userId"])
        let isWindow = isIdentifier(payload?["windowId"])
        return switch kind {
        case .ping: true
        case .list: isUser
        case .deregister, .heartbeat, .focus: isUser && isWindow
        case .register: isUser && isWindow && isIdentifier(payload?["caseId"]) && areOptionsValid(payload)
        }
    }

    private static func areOptionsValid(_ payload: JSONValue?) -> Bool {
        let slide = payload?["slideId"]
        guard slide == nil || slide == .null || isIdentifier(slide) else { return false }
        if let time = payload?["timestamp"] {
            guard let text = time.string, Timestamp(parsing: [UInt8](text.utf8).span) != nil else { return false }
        }
        guard let meta = payload?["meta"] else { return true }
        if case .object = meta { return true } else { return false }
    }

    private static func isIdentifier(_ value: JSONValue?) -> Bool {
        value?.string.map { IdentifierRule.allows($0) } ?? false
    }
}
