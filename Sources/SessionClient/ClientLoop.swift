package import SessionBase
package import SessionIO

/// One thread's wait for everything a client command reacts to: its connection, standard input, signals and time.
///
/// Commands pull: ``next(until:)`` returns what happened, one thing at a time, so that a command reads like its script.
/// Losing the connection and coming back is done here; so is reading standard input no faster than the peer takes it.
package final class ClientLoop {
    /// What happened.
    package enum Event: Equatable, Sendable {
        /// Something on the connection.
        case client(ClientEvent)
        /// A whole line of standard input, without its line feed.
        case line([UInt8])
        /// Standard input has ended.
        case endOfInput
        /// The terminal has something typed; whoever edits the line reads it.
        case typed
        /// A signal came.
        case signal(Signal)
        /// The deadline of the call has come.
        case deadline
    }

    /// What is done with standard input.
    package enum InputMode: Sendable {
        /// It is not read.
        case ignored
        /// It is cut into lines.
        case lines
        /// It is a terminal that somebody else reads.
        case terminal
    }

    /// Names the sources of events in the poller; the client's sockets count upwards from the last.
    private enum Token {
        static let input: UInt64 = 0
        static let signals: UInt64 = 1
        static let firstSocket: UInt64 = 2
    }

    /// Signals that a loop may or may not have: a value that is never copied does not fit into an optional property.
    private final class SignalBox {
        let signals: Signals
        init(_ signals: consuming Signals) { self.signals = signals }
    }

    /// The connection.
    package let client: Client
    private var poller: Poller
    private let signals: SignalBox?
    private var policy: ReconnectPolicy?
    private var random: SeededRandom
    private var reconnectsAt: Instant?
    private var queue: [Event] = []
    private var queueStart = 0
    private var inputMode = InputMode.ignored
    private var input = LineSplitter()
    private var inputBuffer: [UInt8] = []
    private var hasInputEnded = false
    /// A file or `/dev/null` is always readable, and epoll refuses to watch it.
    private var isInputAlwaysReady = false
    private var isInputWatched = false
    private let inputDescriptor: Int32
    private var watched: (token: UInt64, interest: Poller.Interest)?

    /// More unsent bytes than this and standard input waits.
    private static let unsentBytesMax = 1 << 20

    /// Prepares a loop; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - client: The connection to drive.
    ///   - policy: Whether and when it comes back; `nil` never does.
    ///   - input: The descriptor of standard input.
    ///   - signals: The signals to report; one loop of a process at most may have any.
    ///   - seed: Secret bits for jitter.
    package init(
        client: Client, policy: ReconnectPolicy? = nil, input: Int32 = Descriptor.standardInput,
        signals: [Signal],
        seed: UInt64
    ) throws(SystemError) {
        self.client = client
        self.policy = policy
        inputDescriptor = input
        poller = try Poller()
        self.signals = signals.isEmpty ? nil : SignalBox(try Signals(signals))
        random = SeededRandom(seed: seed)
        if let descriptor = self.signals?.signals.descriptor {
            try poller.add(descriptor, token: Token.signals, .readable)
        }
    }

    /// Chooses what is done with standard input.
    package func setInput(_ mode: InputMode) {
        inputMode = mode
        isInputAlwaysReady = false
        updateInput()
    }

    /// Starts to connect.
    package func connect() { client.connect(at: SystemClock.now()) }

    /// Gives up coming back: an end from now on is the last.
    package func stopReconnecting() {
        policy = nil
        reconnectsAt = nil
    }

    /// Waits for the next thing to happen.
    ///
    /// - Parameter deadline: When to return ``Event/deadline`` at the latest; `nil` waits for ever.
    package func next(until deadline: Instant? = nil) throws(SystemError) -> Event {
        while true {
            if let event = takeQueued() { return event }
            let now = SystemClock.now()
            if let deadline, now >= deadline { return .deadline }
            if let reconnectsAt, now >= reconnectsAt {
                self.reconnectsAt = nil
                client.connect(at: now)
            }
            client.tick(at: now)
            client.resume(at: now)
            collect(at: now)
            guard queueStart == queue.count else { continue }
            try wait(until: deadline, now: now)
        }
    }

    /// Whether ``next(until:)`` has an event already and will not wait.
    package var hasQueuedEvents: Bool { queueStart < queue.count }

    private func takeQueued() -> Event? {
        guard queueStart < queue.count else { return nil }
        defer {
            queueStart += 1
            if queueStart == queue.count {
                queue.removeAll(keepingCapacity: true)
                queueStart = 0
            }
        }
        return queue[queueStart]
    }

    private func wait(until deadline: Instant?, now: Instant) throws(SystemError) {
        try watchSocket()
        updateInput()
        let isInputDue = isInputAlwaysReady && isInputWanted
        let wakeUps = [deadline, client.deadline, reconnectsAt].compactMap { $0 }
        let count = try poller.wait(until: isInputDue ? now : wakeUps.min(), now: now)
        for index in 0..<count {
            switch poller.token(at: index) {
            case Token.input: readInput()
            case Token.signals: while let signal = signals?.signals.next() { queue.append(.signal(signal)) }
            case let token where token == watched?.token:
                client.ready(poller.readiness(at: index), at: SystemClock.now())
            default: break  // A socket that was closed in this very turn.
            }
        }
        if isInputDue { readInput() }
        collect(at: SystemClock.now())
    }

    /// Moves what happened on the connection into the queue, and plans the reconnection after an end.
    private func collect(at now: Instant) {
        for event in client.takeEvents() {
            guard case .ended(let end, _) = event else {
                queue.append(.client(event))
                continue
            }
            queue.append(.client(.ended(end, next: planReconnection(after: end, at: now))))
        }
    }

    private func planReconnection(after end: ClientEnd, at now: Instant) -> Reconnection? {
        let uptime: Duration? = if case .closed(let close) = end { close.uptime } else { nil }
        guard case .wait(let delay, let attempt)? = policy?.lost(end.loss, uptime: uptime, random: &random) else {
            return nil
        }
        reconnectsAt = now + delay
        return Reconnection(delay: delay, attempt: attempt)
    }

    // MARK: The socket

    /// Tells the poller about the client's socket where it is another one than before or is watched for something else.
    private func watchSocket() throws(SystemError) {
        guard let descriptor = client.descriptor else {
            watched = nil  // Closing it made the poller forget it.
            return
        }
        let token = Token.firstSocket + UInt64(client.socketsOpened)
        let interest = client.interest
        if watched?.token != token {
            try poller.add(descriptor, token: token, interest)
        } else if watched?.interest != interest {
            try poller.modify(descriptor, token: token, interest)
        }
        watched = (token, interest)
    }

    // MARK: Standard input

    /// Lines are read only while they can be sent, so that they wait in the pipe and not in memory.
    private var isInputWanted: Bool {
        switch inputMode {
        case .ignored: false
        case .terminal: true
        case .lines: !hasInputEnded && client.isOpen && client.unsentBytes < Self.unsentBytesMax
        }
    }

    private func updateInput() {
        guard isInputWanted != isInputWatched, !isInputAlwaysReady else { return }
        do throws(SystemError) {
            if isInputWanted {
                try poller.add(inputDescriptor, token: Token.input, .readable)
            } else {
                try poller.remove(inputDescriptor)
            }
            isInputWatched = isInputWanted
        } catch {
            // EPERM: epoll watches no files, which never make anybody wait. A closed descriptor reads as ended.
            isInputAlwaysReady = true
        }
    }

    private func readInput() {
        guard inputMode == .lines else {
            queue.append(.typed)
            return
        }
        if inputBuffer.isEmpty { inputBuffer = [UInt8](repeating: 0, count: 65_536) }
        let result = inputBuffer.withUnsafeMutableBytes { [inputDescriptor] in
            Descriptor.read(inputDescriptor, into: $0)
        }
        switch result {
        case .received(let count):
            input.append(inputBuffer.span.extracting(0..<count))
            while let line = input.next() { queue.append(.line(line)) }
        case .wouldBlock:
            break
        case .ended, .failed:
            if let line = input.finish() { queue.append(.line(line)) }
            hasInputEnded = true
            queue.append(.endOfInput)
        }
    }
}
