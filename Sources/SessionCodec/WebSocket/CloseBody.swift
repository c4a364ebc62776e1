/// The payload of a Close frame: nothing, or a status and a reason (RFC 6455 §5.5.1).
package enum CloseBody {
    /// Longest reason, in bytes: a control frame's 125 less the status.
    package static let reasonBytesMax = FrameHeader.controlPayloadBytesMax - 2

    /// Reads and checks a received body.
    ///
    /// - Returns: The status, `.noStatus` for an empty body. The reason is what stands behind its two bytes.
    /// - Throws: ``WebSocketError``, for one byte, for a status that may not be sent, for a reason that is not UTF-8.
    package static func parse(_ body: Span<UInt8>) throws(WebSocketError) -> CloseCode {
        guard body.count > 0 else { return .noStatus }
        guard body.count >= 2 else { throw .closeBodyOfOneByte }
        let code = CloseCode(rawValue: UInt16(body[0]) << 8 | UInt16(body[1]))
        guard code.isSendable else { throw .invalidCloseCode }
        var validator = UTF8Validator()
        guard validator.absorb(body.extracting(2..<body.count)), validator.isComplete else {
            throw .invalidCloseReason
        }
        return code
    }

    /// Makes a body, the reason cut at a character boundary to fit.
    ///
    /// - Parameters:
    ///   - code: A status that may be sent; `.noStatus` makes an empty body.
    ///   - reason: Any text.
    package static func make(_ code: CloseCode, reason: String) -> [UInt8] {
        guard code != .noStatus else { return [] }
        precondition(code.isSendable, "a close code that may not stand in a frame")
        var body = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)]
        body.append(contentsOf: reason.utf8.prefix(reasonBytesMax + 1))
        guard body.count > FrameHeader.controlPayloadBytesMax else { return body }
        repeat {} while body.removeLast() & 0xC0 == 0x80
        return body
    }

    /// The reason in its usual form, `name` or `name: detail` (PROTOCOLS §1.3).
    package static func reason(_ code: CloseCode, detail: String = "") -> String {
        guard let name = code.name else { return detail }
        return detail.isEmpty ? name : "\(name): \(detail)"
    }
}
