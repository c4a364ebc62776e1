import SessionBase
import SessionCodec

/// The ids of a window, of its user, case and slide, and what is said about them, in one allocation:
/// ```
/// {"type":"registered","payload":{"windowId":"w1","caseId":"C1"}} u1 w1 C1 S1
/// ```
/// The confirmation is kept written, because a client that registers again gets the same one: it is copied in one piece.
/// The user's id is here too, so that such a message needs no look at the user's own record.
struct WindowLabel: Sendable {
    private var text: [UInt8] = []
    private var confirmationCount: UInt16 = 0
    private var userCount: UInt16 = 0
    private var windowCount: UInt16 = 0
    private var caseCount: UInt16 = 0

    /// The label that stands for no window.
    init() {}

    /// Writes a label.
    ///
    /// - Parameter slide: Empty where the window shows none.
    init(user: Span<UInt8>, window: Span<UInt8>, case: Span<UInt8>, slide: Span<UInt8>) {
        // 64 bytes are what a confirmation has besides the ids.
        text.reserveCapacity(user.count + 2 * (window.count + `case`.count) + slide.count + 64)
        AwarenessReply.appendRegistered(window: window, case: `case`, to: &text)
        confirmationCount = UInt16(text.count)
        text.append(copying: user)
        text.append(copying: window)
        text.append(copying: `case`)
        text.append(copying: slide)
        userCount = UInt16(user.count)
        windowCount = UInt16(window.count)
        caseCount = UInt16(`case`.count)
    }

    /// Writes the label of the same window with another case or slide.
    func showing(case: Span<UInt8>, slide: Span<UInt8>) -> WindowLabel {
        WindowLabel(
            user: text.span.extracting(userRange), window: text.span.extracting(windowRange), case: `case`, slide: slide
        )
    }

    // MARK: Questions

    /// Whether this is the window with an id.
    func isNamed(_ id: Span<UInt8>) -> Bool { text.span.extracting(windowRange).isEqual(to: id) }

    /// Whether this is the window that a message names, of the user that it names.
    func isNamed(by request: AwarenessRequest, in message: Span<UInt8>) -> Bool {
        request.names(window: text.span.extracting(windowRange), in: message)
            && request.names(user: text.span.extracting(userRange), in: message)
    }

    /// Whether the window shows the case of a registration, and is on its slide or, where it names none, on none.
    func compare(_ request: AwarenessRequest, in message: Span<UInt8>) -> (isSameCase: Bool, isSameSlide: Bool) {
        let isSameCase = request.names(case: text.span.extracting(caseRange), in: message)
        let isSameSlide = request.names(slide: text.span.extracting(slideRange), in: message)
        return (isSameCase, isSameSlide)
    }

    /// Whether both windows show the same case.
    func showsSameCase(as other: WindowLabel) -> Bool {
        text.span.extracting(caseRange).isEqual(to: other.text.span.extracting(other.caseRange))
    }

    /// The window's id.
    var window: String { String(decoding: text[windowRange], as: UTF8.self) }
    /// The case's id.
    var `case`: String { String(decoding: text[caseRange], as: UTF8.self) }
    /// The slide's id; `nil` where there is none.
    var slide: String? { slideRange.isEmpty ? nil : String(decoding: text[slideRange], as: UTF8.self) }

    // MARK: Replies

    func appendRegistered(to bytes: inout [UInt8]) {
        bytes.append(copying: text.span.extracting(0..<Int(confirmationCount)))
    }

    func appendDeregistered(to bytes: inout [UInt8]) {
        AwarenessReply.appendDeregistered(window: text.span.extracting(windowRange), to: &bytes)
    }

    func appendFocused(to bytes: inout [UInt8]) {
        AwarenessReply.appendFocused(window: text.span.extracting(windowRange), to: &bytes)
    }

    func appendCase(isFirst: Bool, to bytes: inout [UInt8]) {
        AwarenessReply.appendCase(
            text.span.extracting(caseRange), window: text.span.extracting(windowRange), isFirst: isFirst, to: &bytes)
    }

    /// Ends the warning that this window's case was opened while `viewed` was being viewed.
    func endMismatch(viewed: WindowLabel, to bytes: inout [UInt8]) {
        AwarenessReply.endMismatch(
            opened: text.span.extracting(caseRange), viewed: viewed.text.span.extracting(viewed.caseRange), to: &bytes)
    }

    func appendState(isFocused: Bool, isConnected: Bool, since: Timestamp, isFirst: Bool, to bytes: inout [UInt8]) {
        AwarenessReply.appendWindow(
            text.span.extracting(windowRange), case: text.span.extracting(caseRange),
            slide: text.span.extracting(slideRange), isFocused: isFocused, isConnected: isConnected, since: since,
            isFirst: isFirst, to: &bytes)
    }

    // MARK: Places

    private var userRange: Range<Int> { Int(confirmationCount)..<Int(confirmationCount) + Int(userCount) }
    private var windowRange: Range<Int> { userRange.upperBound..<userRange.upperBound + Int(windowCount) }
    private var caseRange: Range<Int> { windowRange.upperBound..<windowRange.upperBound + Int(caseCount) }
    private var slideRange: Range<Int> { caseRange.upperBound..<text.count }
}
