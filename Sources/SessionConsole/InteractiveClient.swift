package import CommandKit
import SessionBase
package import SessionClient
package import SessionCodec
import SessionIO
package import SessionTerminal

/// `connect` on a terminal: a person types messages and commands while frames print above the line being typed.
package final class InteractiveClient {
    /// What it does besides waiting for the person.
    package struct Options {
        /// Bytes put on the wire first, without a frame around them.
        package var rawFrames: [[UInt8]] = []
        /// Messages sent after every connect.
        package var onConnect: [String] = []
        /// Messages sent after the first connect.
        package var messages: [String] = []
        /// Where the history is kept; `nil` keeps it in memory only.
        package var historyFile: HistoryFile?
        /// Colours.
        package var style = Style(isColored: false)

        /// Sends nothing of its own.
        package init() {}
    }

    private let loop: ClientLoop
    private let options: Options
    private let descriptor: ProtocolDescriptor
    private let editor: LineEditor
    private let completion: CompletionBox
    private var view: FrameView
    private var isFirstConnect = true
    private var handshake: HandshakeReport?
    /// When the Pings were sent whose Pongs are still to come, by payload.
    private var pingsSent: [[UInt8]: Instant] = [:]
    private var pingCount = 0
    /// What is to be printed above the line once everything that has happened is known.
    private var pending = ""
    /// What the command ends with once the connection has; `nil` takes it from the close.
    private var verdictAtEnd: Verdict?

    /// What Tab knows; shared with the editor, which asks for it.
    private final class CompletionBox {
        var completion: MessageCompletion
        init(_ completion: MessageCompletion) { self.completion = completion }
    }

    /// Prepares a session; nothing is shown or connected yet.
    package init(_ loop: ClientLoop, _ descriptor: ProtocolDescriptor, _ options: Options) {
        self.loop = loop
        self.options = options
        self.descriptor = descriptor
        let box = CompletionBox(MessageCompletion(descriptor))
        completion = box
        view = FrameView(style: options.style)
        view.width = Terminal.width(Descriptor.standardOutput) ?? 80
        var configuration = LineEditor.Configuration()
        configuration.historyFile = options.historyFile
        configuration.complete = { box.completion.words(for: $0.word, after: $0.before) }
        // Commands end with their line, whatever braces they hold.
        configuration.isComplete = { $0.hasPrefix("/") || !OpenBraces.areLeft(in: $0) }
        editor = LineEditor(configuration: configuration)
    }

    /// Connects and talks until the person leaves or the connection ends for good.
    package func run() throws(CommandError) -> Verdict {
        loop.setInput(.terminal)
        editor.start()
        defer { editor.stop() }
        loop.connect()
        while true {
            if !loop.hasQueuedEvents { flush() }
            let event: ClientLoop.Event
            do throws(SystemError) {
                event = try loop.next()
            } catch {
                throw CommandError(.internal, error.description)
            }
            if let verdict = try handle(event) {
                flush()
                return verdict
            }
        }
    }

    private func handle(_ event: ClientLoop.Event) throws(CommandError) -> Verdict? {
        switch event {
        case .client(let event): return try handle(event)
        case .typed: return type()
        case .signal(.interrupt): return editor.interrupt() == .leave ? leave(.interrupted) : nil
        case .signal(.pause):
            editor.suspend()
            return nil
        case .signal(.windowChanged):
            editor.resize()
            view.width = Terminal.width(Descriptor.standardOutput) ?? 80
            return nil
        case .signal(let signal): return ClientRun.verdict(of: signal).flatMap { leave($0) }
        case .line, .endOfInput, .deadline: return nil
        }
    }

    // MARK: The connection

    private func handle(_ event: ClientEvent) throws(CommandError) -> Verdict? {
        switch event {
        case .opened(let handshake): open(handshake)
        case .received(let kind, let payload):
            pending += view.received(kind, payload, at: Reporter.now)
            learn(payload)
        case .pinged, .answered: break
        case .ponged(let payload): pong(payload)
        case .ended(let end, let next): return try finish(end, next)
        }
        return nil
    }

    private func open(_ handshake: HandshakeReport) {
        self.handshake = handshake
        say(Notices.opened(handshake, loop.client.configuration.endpoint.publicDescription))
        if isFirstConnect { say("/help lists the commands, Tab completes, Ctrl-D leaves") }
        let now = SystemClock.now()
        if isFirstConnect {
            for frame in options.rawFrames { loop.client.sendRaw(frame, at: now) }
        }
        for message in options.onConnect + (isFirstConnect ? options.messages : []) {
            send(message)
            pending += view.notice("sent \(message)", as: .sent)
        }
        isFirstConnect = false
    }

    private func finish(_ end: ClientEnd, _ next: Reconnection?) throws(CommandError) -> Verdict? {
        pingsSent = [:]
        switch end {
        case .closed(let close): say(Notices.ended(close))
        case .failed(let failure):
            guard next != nil || verdictAtEnd != nil else { throw ClientRun.error(failure) }
            say(failure.description, as: .failure)
        }
        guard let next, verdictAtEnd == nil else { return verdictAtEnd ?? end.verdict }
        say(Notices.reconnecting(next))
        return nil
    }

    private func pong(_ payload: [UInt8]) {
        let sent = pingsSent.removeValue(forKey: payload)
        let took = sent.map { " after \((SystemClock.now() - $0).spelled)" } ?? ", which nobody asked for"
        say("pong\(took)")
    }

    private func learn(_ payload: [UInt8]) {
        // What is no JSON holds no ids.
        guard let value = try? JSONValue.parse(payload.span) else { return }
        completion.completion.known.learn(value)
    }

    // MARK: The person

    private func type() -> Verdict? {
        for event in editor.readInput() {
            switch event {
            case .left: return leave(.success)
            case .line(let line): if let verdict = handle(line: line) { return verdict }
            }
        }
        return nil
    }

    private func handle(line: String) -> Verdict? {
        if line.isEmpty { return nil }
        guard line.hasPrefix("/") else {
            send(line)
            return nil
        }
        // `//text` sends `/text`.
        if line.hasPrefix("//") {
            send(String(line.dropFirst()))
            return nil
        }
        do throws(SlashCommand.ParseError) {
            return obey(try SlashCommand.parse(line))
        } catch {
            say(error.message, as: .failure)
            return nil
        }
    }

    private func send(_ message: String) {
        guard loop.client.isOpen else {
            say("not connected: nothing was sent", as: .failure)
            return
        }
        let payload = Array(message.utf8)
        loop.client.send(.text, payload.span, at: SystemClock.now())
        learn(payload)
    }

    private func obey(_ command: SlashCommand) -> Verdict? {
        let now = SystemClock.now()
        switch command {
        case .help(let name): say(SlashHelp.text(of: name))
        case .types(let type): say(SlashHelp.types(of: descriptor, type))
        case .ping(let payload): ping(payload)
        case .pong(let payload): loop.client.pong(payload.span, at: now)
        case .binary(let bytes): loop.client.send(.binary, bytes.span, at: now)
        case .raw(let bytes): loop.client.sendRaw(bytes, at: now)
        case .headers: say(SlashHelp.headers(of: handshake))
        case .status: say(SlashHelp.status(of: loop.client, at: now))
        case .json(let layout): view.layout = layout
        case .time(let isShown): view.showsTime = isShown
        case .quit: return leave(.success)
        case .close(let code, let reason):
            loop.stopReconnecting()
            verdictAtEnd = .success
            if loop.client.isIdle { return .success }
            loop.client.close(code, reason: reason, at: now)
        }
        return nil
    }

    /// Sends a Ping whose Pong can be told from others.
    private func ping(_ payload: [UInt8]) {
        guard loop.client.isOpen else { return say("not connected: nothing was sent", as: .failure) }
        pingCount += 1
        let body = payload.isEmpty ? Array("ping \(pingCount)".utf8) : payload
        pingsSent[body] = SystemClock.now()
        loop.client.ping(body.span, at: SystemClock.now())
    }

    /// Closes normally; the end of the connection ends the command.
    ///
    /// - Returns: The verdict where there is nothing to wait for: no connection, or asked twice.
    private func leave(_ verdict: Verdict) -> Verdict? {
        loop.stopReconnecting()
        if loop.client.isIdle || verdictAtEnd != nil { return verdict }
        verdictAtEnd = verdict
        loop.client.close(.normal, reason: "", at: SystemClock.now())
        return nil
    }

    // MARK: Printing

    private func say(_ text: String, as role: Role = .notice) { pending += view.notice(text, as: role) }

    private func flush() {
        guard !pending.isEmpty else { return }
        editor.printAbove(Array(pending.utf8))
        pending = ""
    }
}
