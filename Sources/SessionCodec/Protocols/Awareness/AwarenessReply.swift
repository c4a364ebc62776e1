package import SessionBase

/// Writes the server's messages from bytes, in one spelling each (PROTOCOLS §2.5).
///
/// The machine writes with it straight into what is sent; ``AwarenessServerMessage`` encodes with it too, so both agree.
package enum AwarenessReply {
    /// Appends `registered`.
    ///
    /// - Complexity: O(n), no allocation where `output` has room.
    package static func appendRegistered(window: Span<UInt8>, case: Span<UInt8>, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"registered","payload":{"windowId":"#)
        output.appendJSONString(window)
        output.append(literal: #","caseId":"#)
        output.appendJSONString(`case`)
        output.append(literal: "}}")
    }

    /// Appends `pong`.
    package static func appendPong(_ timestamp: Timestamp, to output: inout [UInt8]) {
        output.append(literal: pongStart)
        timestamp.append(to: &output)
        output.append(literal: pongEnd)
    }

    /// Appends `error`.
    ///
    /// - Parameter message: A sentence for people, as UTF-8.
    package static func appendError(
        _ code: AwarenessErrorCode, message: Span<UInt8>, details: AwarenessErrorDetails? = nil,
        to output: inout [UInt8]
    ) {
        output.append(literal: #"{"type":"error","payload":{"code":""#)
        output.append(literal: code.spelling)
        output.append(literal: #"","message":"#)
        output.appendJSONString(message)
        switch details {
        case .none: break
        case .field(let field):
            output.append(literal: #","details":{"field":""#)
            output.append(literal: field.spelling)
            output.append(literal: #""}"#)
        case .retryAfter(let milliseconds):
            output.append(literal: #","details":{"retry_after_ms":"#)
            output.appendDecimal(milliseconds)
            output.append(literal: "}")
        }
        output.append(literal: "}}")
    }

    /// Appends `deregistered`.
    package static func appendDeregistered(window: Span<UInt8>, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"deregistered","payload":{"windowId":"#)
        output.appendJSONString(window)
        output.append(literal: "}}")
    }

    /// Appends `focused`.
    package static func appendFocused(window: Span<UInt8>, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"focused","payload":{"windowId":"#)
        output.appendJSONString(window)
        output.append(literal: "}}")
    }

    /// Appends `heartbeat_ack`.
    package static func appendHeartbeatAck(
        _ serverTime: Timestamp, nextHeartbeatMilliseconds: Int64, to output: inout [UInt8]
    ) {
        output.append(literal: #"{"type":"heartbeat_ack","payload":{"serverTime":""#)
        serverTime.append(to: &output)
        output.append(literal: #"","nextHeartbeatMs":"#)
        output.appendDecimal(nextHeartbeatMilliseconds)
        output.append(literal: "}}")
    }

    /// Appends `warning_cleared`.
    package static func appendWarningCleared(_ kind: AwarenessWarning.Kind, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"warning_cleared","payload":{"type":""#)
        output.append(literal: kind.spelling)
        output.append(literal: #""}}"#)
    }

    // MARK: Warnings, piece by piece

    /// Appends a warning up to its list of cases; ``appendCase(_:window:isFirst:to:)`` follows, once per entry.
    package static func beginWarning(_ kind: AwarenessWarning.Kind, to output: inout [UInt8]) {
        output.append(literal: #"{"type":"warning","payload":{"type":""#)
        output.append(literal: kind.spelling)
        output.append(literal: #"","cases":["#)
    }

    /// Appends one entry of a warning's list of cases.
    package static func appendCase(
        _ case: Span<UInt8>, window: Span<UInt8>, isFirst: Bool, to output: inout [UInt8]
    ) {
        output.append(literal: isFirst ? #"{"caseId":"# : #",{"caseId":"#)
        output.appendJSONString(`case`)
        output.append(literal: #","windowId":"#)
        output.appendJSONString(window)
        output.append(literal: "}")
    }

    /// Appends the rest of a `multi-case` warning.
    package static func endMultiCase(to output: inout [UInt8]) {
        output.append(literal: #"],"message":""#)
        output.append(literal: AwarenessProtocol.multiCaseMessage)
        output.append(literal: #""}}"#)
    }

    /// Appends the rest of a `case-mismatch` warning.
    ///
    /// - Parameters:
    ///   - opened: The case that was opened.
    ///   - viewed: The case that was being viewed.
    package static func endMismatch(opened: Span<UInt8>, viewed: Span<UInt8>, to output: inout [UInt8]) {
        output.append(literal: #"],"message":"#)
        var sentence: [UInt8] = []
        appendMismatchSentence(opened: opened, viewed: viewed, to: &sentence)
        output.appendJSONString(sentence.span)
        output.append(literal: "}}")
    }

    /// Appends the sentence of a `case-mismatch` warning, not yet escaped (PROTOCOLS §2.4).
    package static func appendMismatchSentence(
        opened: Span<UInt8>, viewed: Span<UInt8>, to output: inout [UInt8]
    ) {
        output.append(literal: "Case ")
        output.append(copying: opened)
        output.append(literal: " was opened in another window while ")
        output.append(copying: viewed)
        output.append(literal: " was being viewed")
    }

    // MARK: State, piece by piece

    /// Appends a `state` up to its list of windows.
    package static func beginState(to output: inout [UInt8]) {
        output.append(literal: #"{"type":"state","payload":{"windows":["#)
    }

    /// Appends one window of a `state`.
    ///
    /// - Parameter slide: The slide's id; empty where there is none.
    package static func appendWindow(
        _ window: Span<UInt8>, case: Span<UInt8>, slide: Span<UInt8>, isFocused: Bool, isConnected: Bool,
        since: Timestamp, isFirst: Bool, to output: inout [UInt8]
    ) {
        output.append(literal: isFirst ? #"{"windowId":"# : #",{"windowId":"#)
        output.appendJSONString(window)
        output.append(literal: #","caseId":"#)
        output.appendJSONString(`case`)
        output.append(literal: #","slideId":"#)
        if slide.isEmpty { output.append(literal: "null") } else { output.appendJSONString(slide) }
        output.append(literal: isFocused ? #","focused":true"# : #","focused":false"#)
        output.append(literal: isConnected ? #","connected":true,"since":""# : #","connected":false,"since":""#)
        since.append(to: &output)
        output.append(literal: #""}"#)
    }

    /// Appends the rest of a `state`.
    package static func endState(to output: inout [UInt8]) { output.append(literal: "]}}") }

    // MARK: Correlation

    /// Gives the message that `output` ends with the client's `id` (PROTOCOLS 0-21).
    ///
    /// - Parameter tag: The id's JSON as the client wrote it; empty where it gave none.
    package static func appendTag(_ tag: Span<UInt8>, to output: inout [UInt8]) {
        guard !tag.isEmpty else { return }
        output.removeLast()
        output.append(literal: #","id":"#)
        output.append(copying: tag)
        output.append(literal: "}")
    }

    static let pongStart: StaticString = #"{"type":"pong","payload":{"timestamp":""#
    static let pongEnd: StaticString = #""}}"#
}

/// The last `pong` that was written, to be patched and copied: a busy service answers many in one second.
package struct AwarenessPong: Sendable {
    private var frame: [UInt8] = []
    private var milliseconds = Int64.min
    private var second = Int64.min
    /// Where the three digits of the milliseconds stand in `frame`.
    private static let millisecondsStart = AwarenessReply.pongStart.utf8CodeUnitCount + 20

    /// Starts without a frame.
    package init() {}

    /// Appends the `pong` of a time.
    ///
    /// - Complexity: a copy of 66 bytes; the calendar is consulted once a second.
    package mutating func append(_ timestamp: Timestamp, to output: inout [UInt8]) {
        if timestamp.milliseconds != milliseconds { update(timestamp) }
        output.append(copying: frame.span)
    }

    private mutating func update(_ timestamp: Timestamp) {
        milliseconds = timestamp.milliseconds
        if timestamp.seconds == second {
            var rest = UInt32(truncatingIfNeeded: milliseconds - second * 1000)
            for place in (0..<3).reversed() {
                frame[Self.millisecondsStart + place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        } else {
            second = timestamp.seconds
            frame.removeAll(keepingCapacity: true)
            AwarenessReply.appendPong(timestamp, to: &frame)
        }
    }
}

/// What an error says beyond its code (EXT; a client of the seed ignores the field).
package enum AwarenessErrorDetails: Equatable, Sendable {
    /// Which field of an `INVALID_MESSAGE` is at fault.
    case field(AwarenessField)
    /// When to try again after `RATE_LIMITED`, in milliseconds.
    case retryAfter(milliseconds: Int64)
}
