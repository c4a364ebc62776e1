import SessionCodec

/// What the server says about a window, written from the window's own bytes.
extension AwarenessWindow {
    func appendRegistered(to bytes: inout [UInt8]) {
        AwarenessReply.appendRegistered(
            window: text.span.extracting(idRange), case: text.span.extracting(caseRange), to: &bytes)
    }

    func appendDeregistered(to bytes: inout [UInt8]) {
        AwarenessReply.appendDeregistered(window: text.span.extracting(idRange), to: &bytes)
    }

    func appendFocused(to bytes: inout [UInt8]) {
        AwarenessReply.appendFocused(window: text.span.extracting(idRange), to: &bytes)
    }

    func appendCase(isFirst: Bool, to bytes: inout [UInt8]) {
        AwarenessReply.appendCase(
            text.span.extracting(caseRange), window: text.span.extracting(idRange), isFirst: isFirst, to: &bytes)
    }

    func appendState(isFocused: Bool, isFirst: Bool, to bytes: inout [UInt8]) {
        AwarenessReply.appendWindow(
            text.span.extracting(idRange), case: text.span.extracting(caseRange),
            slide: text.span.extracting(slideRange), isFocused: isFocused, isConnected: isLive, since: since,
            isFirst: isFirst, to: &bytes)
    }

    /// Ends the warning that this window's case was opened while `viewed` was being viewed.
    func endMismatch(viewed: AwarenessWindow, to bytes: inout [UInt8]) {
        AwarenessReply.endMismatch(
            opened: text.span.extracting(caseRange), viewed: viewed.text.span.extracting(viewed.caseRange), to: &bytes)
    }
}
