package import SessionClient
package import SessionCodec
package import SessionTerminal

/// Shows frames to a person: escaped, coloured, JSON laid out for the width of the terminal.
package struct FrameView: Sendable {
    /// How JSON is laid out.
    package enum Layout: String, CaseIterable, Sendable {
        /// Indented where it would not fit on a line.
        case auto
        /// Always indented.
        case on
        /// As it came.
        case off
    }

    /// How JSON is laid out.
    package var layout = Layout.auto
    /// Whether the time stands before each frame.
    package var showsTime = false
    /// Columns of the terminal.
    package var width = 80
    /// Colours.
    package var style: Style

    /// Shows frames in a style.
    package init(style: Style) { self.style = style }

    /// Returns a received message as lines for the terminal.
    package func received(_ kind: MessageKind, _ payload: [UInt8], at time: EventTime) -> String {
        // The part of 2026-11-21T11:27:47.123456789Z that changes while one watches, to milliseconds.
        let clock = showsTime ? style.paint(String(time.text.dropFirst(11).prefix(12)), as: .faint) + " " : ""
        return clock + style.paint("< ", as: .received) + body(kind, payload) + "\n"
    }

    /// Returns a remark as lines for the terminal.
    package func notice(_ text: String, as role: Role = .notice) -> String {
        let lines = Escaping.escaped(text, lineFeeds: .kept).split(separator: "\n", omittingEmptySubsequences: false)
        return style.paint("* " + lines.joined(separator: "\n  "), as: role) + "\n"
    }

    private func body(_ kind: MessageKind, _ payload: [UInt8]) -> String {
        guard kind == .text else { return "binary, \(payload.count) bytes: \(hex(payload))" }
        var shown: [UInt8] = []
        if let indented = indented(payload) {
            Escaping.append(indented.span, lineFeeds: .kept, to: &shown)
        } else {
            Escaping.append(payload.span, to: &shown)
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// The payload indented, or `nil` where it is no JSON or is to stay on its line.
    private func indented(_ payload: [UInt8]) -> [UInt8]? {
        let first = payload.first
        guard layout != .off, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            layout == .on || payload.count + 2 > width,
            // What only looks like JSON is shown as it is.
            let value = try? JSONValue.parse(payload.span)
        else { return nil }
        var output: [UInt8] = []
        value.append(to: &output, pretty: true)
        return output
    }

    /// More bytes than a person reads in hexadecimal.
    private static let hexBytesMax = 256

    private func hex(_ payload: [UInt8]) -> String {
        let shown = HexText.spell(payload.span.extracting(0..<min(payload.count, Self.hexBytesMax)))
        return payload.count > Self.hexBytesMax ? shown + " …" : shown
    }
}
