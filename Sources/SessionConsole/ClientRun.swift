package import CommandKit
package import SessionBase
package import SessionClient
package import SessionCodec
package import SessionIO

/// What all client commands do alike: wait, report, leave.
package struct ClientRun {
    /// Everything the command waits for.
    package let loop: ClientLoop
    /// Where it tells what happens.
    package let reporter: Reporter

    /// Runs on a loop that is not connected yet.
    package init(loop: ClientLoop, reporter: Reporter) {
        self.loop = loop
        self.reporter = reporter
    }

    /// The connection.
    package var client: Client { loop.client }

    /// Waits for the next event and reports it where it is the connection's.
    package func next(until deadline: Instant?) throws(CommandError) -> ClientLoop.Event {
        let event: ClientLoop.Event
        do throws(SystemError) {
            event = try loop.next(until: deadline)
        } catch {
            throw CommandError(.internal, error.description)
        }
        if case .client(let happened) = event { try reporter.report(happened) }
        return event
    }

    /// Sends a message and reports it.
    package func send(_ kind: MessageKind, _ payload: [UInt8]) throws(CommandError) {
        client.send(kind, payload.span, at: SystemClock.now())
        try reporter.sent(kind, payload)
    }

    /// Closes normally, waits until the peer has confirmed it, at most the close timeout, and returns the verdict.
    ///
    /// What still comes in is not reported: the command has seen enough.
    package func leave(_ verdict: Verdict) throws(CommandError) -> Verdict {
        loop.stopReconnecting()
        loop.setInput(.ignored)
        guard !client.isIdle else { return verdict }
        client.close(.normal, reason: "", at: SystemClock.now())
        while true {
            let event: ClientLoop.Event
            do throws(SystemError) {
                event = try loop.next()
            } catch {
                throw CommandError(.internal, error.description)
            }
            switch event {
            case .client(.ended(let end, _)):
                try reporter.report(.ended(end, next: nil))
                return verdict
            case .signal(let signal):
                // Asked twice: do not wait for the peer any longer.
                if let impatient = Self.verdict(of: signal) { return impatient }
            default: break
            }
        }
    }

    /// What a signal ends the command with; `nil` for those that do not end it.
    package static func verdict(of signal: Signal) -> Verdict? {
        switch signal {
        case .interrupt: .interrupted
        case .terminate, .hangup: .terminated
        case .user2, .pause, .windowChanged: nil
        }
    }

    /// The error of a command whose connection never opened.
    package static func error(_ failure: ClientFailure) -> CommandError {
        CommandError(ExitStatus(failure.verdict), failure.description)
    }
}

extension ExitStatus {
    /// The same status in the table of all commands.
    package init(_ verdict: Verdict) {
        guard let status = ExitStatus(rawValue: verdict.rawValue) else {
            preconditionFailure("a verdict without a line in the table of exit statuses")
        }
        self = status
    }
}
