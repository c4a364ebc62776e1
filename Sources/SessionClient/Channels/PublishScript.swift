package import SessionBase
package import SessionCodec

/// `publish --socket`: publishes over a WebSocket, and waits for the answer to every message (PROTOCOLS 2-13, EXT).
///
/// *connecting* → *publishing* → over once nothing more comes and everything is answered.
package struct PublishScript: WatchScript {
    /// Turns a line of standard input into a message; `nil` for a line that is none to be sent.
    package typealias Reading = @Sendable (_ line: [UInt8], _ number: Int) -> Result<ProducerMessage?, Problem>

    /// Why a line cannot be sent.
    package struct Problem: Error, Equatable, Sendable {
        /// A sentence that names the line.
        package var text: String

        /// Describes a problem.
        package init(_ text: String) { self.text = text }
    }

    private let channel: String
    private let timeout: Duration
    private let read: Reading
    private var waiting: [ProducerMessage]
    private var isInputOver: Bool
    private var isOpen = false
    private var lines = 0
    private var sent = 0
    private var answered = 0
    private var verdict = Verdict.success
    private var answersUntil: Instant?

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - message: The one message; `nil` publishes the lines of standard input.
    ///   - timeout: How long the server may take to answer a message.
    package init(channel: String, message: ProducerMessage?, timeout: Duration, read: @escaping Reading) {
        self.channel = channel
        self.timeout = timeout
        self.read = read
        waiting = message.map { [$0] } ?? []
        isInputOver = message != nil
    }

    package var deadline: Instant? { answersUntil }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        isOpen = true
        return publish(at: now)
    }

    package mutating func typed(_ line: [UInt8], at now: Instant) -> [WatchAction] {
        lines += 1
        switch read(line, lines) {
        case .failure(let problem): return [.leave(.badData, explanation: [problem.text])]
        case .success(nil): return []
        case .success(let message?):
            waiting.append(message)
            return publish(at: now)
        }
    }

    package mutating func inputEnded(at now: Instant) -> [WatchAction] {
        isInputOver = true
        return publish(at: now)
    }

    private mutating func publish(at now: Instant) -> [WatchAction] {
        guard isOpen else { return [] }
        var actions: [WatchAction] = []
        for message in waiting {
            sent += 1
            let tag = MessageTag.number(String(sent))
            actions.append(.send(ChannelsClientMessage.publish(channel: channel, message).encoded(tag: tag)))
            answersUntil = now + timeout
        }
        waiting = []
        return actions + leaveWhereDone()
    }

    private func leaveWhereDone() -> [WatchAction] {
        isInputOver && waiting.isEmpty && answered == sent ? [.leave(verdict, explanation: [])] : []
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is none of the protocol's messages means nothing here.
        guard let frame = try? ChannelsServerFrame.decode(text), let value = try? JSONValue.parse(text) else {
            return []
        }
        switch frame.message.message {
        case .published(let publication):
            answered += 1
            answersUntil = answered == sent ? nil : now + timeout
            let offset = publication.offset.map { ", offset \($0)" } ?? ""
            let line = "delivered \(publication.delivered), channel \(publication.channel)\(offset)"
            return [.tell(WatchNews(value, line: line))] + leaveWhereDone()
        case .error(let error):
            // A single message that is refused is the command's failure; one of many is told among the others.
            guard sent > 1 || !isInputOver else { return [.reject(ServiceRejection(error))] }
            answered += 1
            answersUntil = answered == sent ? nil : now + timeout
            verdict = .failed
            return [.tell(WatchNews(value, line: "error \(ServiceRejection(error).description)"))] + leaveWhereDone()
        default: return []
        }
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        isOpen = false
        let verdict: Verdict = end.verdict == .success ? .failed : end.verdict
        return [.leave(verdict, explanation: ["the connection ended before \(sent - answered) messages were answered"])]
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        guard let answersUntil, now >= answersUntil else { return [] }
        return [
            .leave(
                .tryAgain,
                explanation: ["the server did not answer \(sent - answered) messages within \(timeout.spelled)"])
        ]
    }
}
