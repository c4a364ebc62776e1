package import CommandKit
package import SessionClient
package import SessionCodec
internal import SessionIO
package import SessionTerminal

/// Tells what happens on a connection to whoever runs the command: a person, a pipe, or a program that reads NDJSON.
///
/// Standard output carries received payloads and nothing else, or with `--json` one object an event in both directions;
/// everything a person wants to know besides goes to standard error.
package struct Reporter {
    /// Takes bytes to one of the two outputs.
    package typealias Sink = ([UInt8]) throws(CommandError) -> Void

    /// What the outputs are and what was asked of them.
    package struct Form: Sendable {
        /// Whether events are written as NDJSON.
        package var isJSON = false
        /// Whether only errors go to standard error.
        package var isQuiet = false
        /// Whether payloads go to a terminal, which must not obey them.
        package var isTerminal = false
        /// Colours of standard error.
        package var style = Style(isColored: false)

        /// Payloads into a pipe, remarks in plain text.
        package init() {}
    }

    /// What the outputs are.
    package let form: Form
    private let endpoint: String
    private let output: Sink
    private let errors: Sink

    /// Reports to two outputs.
    package init(endpoint: Endpoint, form: Form, output: @escaping Sink, errors: @escaping Sink) {
        self.endpoint = endpoint.publicDescription
        self.form = form
        self.output = output
        self.errors = errors
    }

    /// The present, for an event that was just taken.
    package static var now: EventTime {
        EventTime(wallNanoseconds: SystemClock.wallNanoseconds(), instant: SystemClock.now())
    }

    /// Reports an event of the connection.
    package func report(_ event: ClientEvent) throws(CommandError) {
        switch event {
        case .opened(let handshake): try opened(handshake)
        case .received(let kind, let payload): try received(kind, payload)
        case .pinged(let payload): try frame(.ping(payload), .in)
        case .ponged(let payload): try frame(.pong(payload), .in)
        case .answered: break
        case .ended(let end, let next): try ended(end, next)
        }
    }

    /// Reports a message that was sent; a pipe does not want to hear of it.
    package func sent(_ kind: MessageKind, _ payload: [UInt8]) throws(CommandError) {
        try frame(.message(kind, payload), .out)
    }

    /// Writes a remark for a person.
    package func notice(_ text: String) throws(CommandError) {
        guard !form.isQuiet, !form.isJSON else { return }
        try remark(text, as: .notice)
    }

    /// Writes why something failed; never silenced.
    package func explain(_ lines: [String]) throws(CommandError) {
        if form.isJSON {
            guard !lines.isEmpty else { return }
            var line: [UInt8] = []
            EventLine.append(error: lines.joined(separator: "\n"), named: "expectation", at: Self.now, to: &line)
            return try output(line)
        }
        for line in lines { try remark(line, as: .failure) }
    }

    /// Writes a result of a command that measures: a line for a person, an object for a program.
    package func result(_ text: String, _ fields: (inout JSONWriter) -> Void) throws(CommandError) {
        guard form.isJSON else { return try output(Array((text + "\n").utf8)) }
        var line: [UInt8] = []
        EventLine.append(at: Self.now, to: &line, fields)
        try output(line)
    }

    private func opened(_ handshake: HandshakeReport) throws(CommandError) {
        guard form.isJSON else { return try notice(Notices.opened(handshake, endpoint)) }
        var line: [UInt8] = []
        EventLine.append(handshake, to: endpoint, at: Self.now, to: &line)
        try output(line)
    }

    private func received(_ kind: MessageKind, _ payload: [UInt8]) throws(CommandError) {
        if form.isJSON { return try frame(.message(kind, payload), .in) }
        var line: [UInt8] = []
        if form.isTerminal { Escaping.append(payload.span, to: &line) } else { line = payload }
        line.append(UInt8(ascii: "\n"))
        try output(line)
    }

    private func frame(_ frame: EventLine.Frame, _ direction: EventLine.Direction) throws(CommandError) {
        guard form.isJSON else { return }
        var line: [UInt8] = []
        EventLine.append(frame, direction, at: Self.now, to: &line)
        try output(line)
    }

    private func ended(_ end: ClientEnd, _ next: Reconnection?) throws(CommandError) {
        if form.isJSON {
            var line: [UInt8] = []
            EventLine.append(end, next: next, at: Self.now, to: &line)
            return try output(line)
        }
        switch end {
        case .closed(let close) where next == nil && end.verdict != .success:
            // How it ended is why the command fails; that is said even to those who asked for silence.
            try remark(Notices.ended(close), as: .failure)
        case .closed(let close): try notice(Notices.ended(close))
        case .failed(let failure): if next != nil { try notice(failure.description) }
        }
        if let next { try notice(Notices.reconnecting(next)) }
    }

    private func remark(_ text: String, as role: Role) throws(CommandError) {
        try errors(Array((form.style.paint(Escaping.escaped(text), as: role) + "\n").utf8))
    }
}
