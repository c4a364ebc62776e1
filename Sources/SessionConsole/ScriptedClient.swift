package import CommandKit
package import SessionClient
import SessionCodec
import SessionIO

/// A client without a person: sends what it was given and what standard input brings, and leaves when it has seen enough.
package struct ScriptedClient {
    /// What it sends, and when it leaves.
    package struct Script: Sendable {
        /// Bytes put on the wire first, without a frame around them.
        package var rawFrames: [[UInt8]] = []
        /// Messages sent after every connect.
        package var onConnect: [String] = []
        /// Messages sent after the first connect.
        package var messages: [String] = []
        /// Whether each line of standard input is a message.
        package var readsInput = false
        /// When to leave.
        package var conditions = StopRule.Conditions()

        /// Sends nothing.
        package init() {}
    }

    private let run: ClientRun
    private let script: Script
    private var rule: StopRule
    private var isFirstConnect = true
    private var lineNumber = 0

    /// Prepares a run.
    package init(_ run: ClientRun, _ script: Script) {
        self.run = run
        self.script = script
        rule = StopRule(script.conditions)
    }

    /// Connects, plays the script, and returns what it found out.
    package mutating func play() throws(CommandError) -> Verdict {
        run.loop.setInput(script.readsInput ? .lines : .ignored)
        run.loop.connect()
        while true {
            let event = try run.next(until: rule.deadline)
            if let verdict = try handle(event) { return verdict }
        }
    }

    private mutating func handle(_ event: ClientLoop.Event) throws(CommandError) -> Verdict? {
        let now = SystemClock.now()
        switch event {
        case .client(.opened): try open()
        case .client(.received(_, let payload)): return try obey(rule.received(payload.span, at: now))
        case .client(.pinged), .client(.ponged): rule.heard(at: now)
        case .client(.ended(let end, let next)): return next == nil ? try finish(end) : nil
        case .line(let line): return try send(line)
        case .endOfInput: rule.inputEnded(at: now)
        case .signal(let signal): if let verdict = ClientRun.verdict(of: signal) { return try run.leave(verdict) }
        case .deadline:
            // What is still on its way out was not sent yet.
            if run.client.unsentBytes > 0 { rule.sent(at: now) } else { return try obey(rule.tick(at: now)) }
        case .typed, .client(.answered): break
        }
        return nil
    }

    private mutating func open() throws(CommandError) {
        rule.opened(at: SystemClock.now())
        if isFirstConnect {
            for frame in script.rawFrames { run.client.sendRaw(frame, at: SystemClock.now()) }
        }
        for message in script.onConnect + (isFirstConnect ? script.messages : []) {
            try run.send(.text, Array(message.utf8))
        }
        rule.sent(at: SystemClock.now())
        if isFirstConnect, !script.readsInput { rule.inputEnded(at: SystemClock.now()) }
        isFirstConnect = false
    }

    private mutating func send(_ line: [UInt8]) throws(CommandError) -> Verdict? {
        lineNumber += 1
        guard String(validating: line, as: UTF8.self) != nil else {
            try run.reporter.explain(["line \(lineNumber) of standard input is not UTF-8, and a text message must be"])
            return try run.leave(.badData)
        }
        try run.send(.text, line)
        rule.sent(at: SystemClock.now())
        return nil
    }

    private mutating func finish(_ end: ClientEnd) throws(CommandError) -> Verdict? {
        if case .failed(let failure) = end { throw ClientRun.error(failure) }
        return try obey(rule.ended(end))
    }

    private func obey(_ action: StopRule.Action) throws(CommandError) -> Verdict? {
        guard case .leave(let verdict, let explanation) = action else { return nil }
        let left = try run.leave(verdict)
        try run.reporter.explain(explanation)
        return left
    }
}
