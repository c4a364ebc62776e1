import SessionBase
import SessionCodec

/// Windows of the awareness service: each connection registers one, of a user of its own, and then says what its steps say.
///
/// Requests are the codec's own messages, encoded once a step; in copies of them the connection's number and the request's
/// are overwritten, both with as many digits as the template has. The request's number is the correlation id (PROTOCOLS
/// 0-21), counted from ``firstNumber`` so that all have sixteen digits.
struct AwarenessWorkload: Workload, ~Copyable {
    /// The correlation id of the greeting; those of requests lie above.
    private static let firstNumber: UInt64 = 1_000_000_000_000_000
    /// Stands in templates where the connection's number goes.
    private static let connectionDigits = "99999999"

    /// One kind of request.
    private struct Step {
        var kind: AwarenessClientKind
        var answer: AwarenessServerKind
        /// Where the two numbers stand in the payload.
        var number: (offset: Int, masks: (UInt64, UInt64))
        var places: [(offset: Int, mask: UInt64)]
    }

    private let steps: [Step]
    private let choice: StepChoice
    private let book: FrameBook
    private let share: WorkerShare
    private let isChecking: Bool
    private let needsAnswers: Bool
    /// Which step registers again after one that deregistered; `nil` where none deregisters.
    private let registerStep: Int?
    private let userPrefix: String

    /// Prepares a share of a run.
    ///
    /// - Parameter steps: What is said, by weight; one of them only is said always.
    /// - Throws: The first message that awareness clients do not say.
    init(_ share: WorkerShare, steps scenario: [Scenario.Step]) throws(UnknownMessage) {
        var random = SeededRandom(seed: share.plan.seed)
        userPrefix = "bench-\(Self.letters(random.next()))-"
        let maskKey = UInt32(truncatingIfNeeded: random.next()) &+ UInt32(share.index) &* 0x9E37_79B9
        var kinds: [(AwarenessClientKind, weight: Int)] = []
        for step in scenario {
            guard let kind = AwarenessClientKind.allCases.first(where: { $0.name == step.message }) else {
                throw UnknownMessage(name: step.message)
            }
            kinds.append((kind, step.weight))
        }
        let isDeregistering = kinds.contains { $0.0 == .deregister }
        if isDeregistering, !kinds.contains(where: { $0.0 == .register }) { kinds.append((.register, 0)) }
        let prefix = userPrefix
        let payloads = kinds.map { Self.payload($0.0, user: prefix) }
        book = FrameBook(payloads.map { (.text, $0) }, maskKey: maskKey)
        choice = StepChoice(weights: kinds.map(\.weight), share)
        var steps: [Step] = []
        for (place, (kind, _)) in kinds.enumerated() { steps.append(Self.step(kind, payloads[place], book)) }
        registerStep = isDeregistering ? steps.firstIndex { $0.kind == .register } : nil
        needsAnswers = kinds.contains { ![.register, .ping].contains($0.0) }
        self.steps = steps
        self.share = share
        isChecking = share.plan.isChecking
    }

    /// A name that no client says.
    struct UnknownMessage: Error { var name: String }

    private static func letters(_ word: UInt64) -> String {
        String(
            decoding: (0..<8).map { UInt8(ascii: "a") + UInt8(truncatingIfNeeded: word >> ($0 * 8) & 15) },
            as: UTF8.self)
    }

    /// A request with the numbers that templates have.
    private static func payload(_ kind: AwarenessClientKind, user prefix: String) -> [UInt8] {
        let (user, window) = ("\(prefix)\(connectionDigits)", "window-\(connectionDigits)")
        let message: AwarenessClientMessage =
            switch kind {
            case .register:
                .register(AwarenessRegistration(user: user, window: window, case: "CASE-\(connectionDigits)"))
            case .deregister: .deregister(user: user, window: window)
            case .heartbeat: .heartbeat(user: user, window: window)
            case .focus: .focus(user: user, window: window)
            case .ping: .ping
            case .list: .list(user: user)
            }
        return message.encoded(tag: .number("\(firstNumber)"))
    }

    private static func step(
        _ kind: AwarenessClientKind, _ payload: [UInt8], _ book: borrowing FrameBook
    ) -> Step {
        let number = places(of: "\(firstNumber)", in: payload)[0]
        let answer: AwarenessServerKind =
            switch kind {
            case .register: .registered
            case .deregister: .deregistered
            case .heartbeat: .heartbeatAck
            case .focus: .focused
            case .ping: .pong
            case .list: .state
            }
        var found: [(offset: Int, mask: UInt64)] = []
        for offset in places(of: connectionDigits, in: payload) { found.append((offset, book.mask(at: offset))) }
        return Step(
            kind: kind, answer: answer, number: (number, (book.mask(at: number), book.mask(at: number + 8))),
            places: found)
    }

    private static func places(of text: String, in payload: [UInt8]) -> [Int] {
        let wanted = Array(text.utf8)
        return payload.indices.filter { payload[$0...].starts(with: wanted) }
    }

    // MARK: Workload

    var subprotocols: [String] { [AwarenessProtocol.version2] }
    /// Without the second version heartbeats and their like are answered by silence.
    var requiredSubprotocol: String? { needsAnswers ? AwarenessProtocol.version2 : nil }
    var requestBytesMax: Int { book.frameBytesMax }

    mutating func greeting(of connection: Int) -> [Greeting]? {
        let digits = Self.digits(share.globalNumber(connection))
        let registration = AwarenessRegistration(
            user: userPrefix + digits, window: "window-" + digits, case: "CASE-" + digits)
        return [(.text, AwarenessClientMessage.register(registration).encoded(tag: .number("\(Self.firstNumber)")))]
    }

    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        // Unchecked, any reply will do, so that the same load can be put on a server that only echoes.
        guard isChecking else { return .welcome }
        // What is no message of the service is not the answer, which the time-out tells.
        guard kind == .text, let answer = try? AwarenessAnswer.decode(message) else { return .other }
        switch answer.kind {
        case .registered: return .welcome
        case .error: return .refusal("the server refused to register the window: \(answer.errorCode?.name ?? "?")")
        default: return .other
        }
    }

    @inline(__always)
    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        let place = steps.count == 1 ? 0 : step(of: sequence, on: connection)
        let payload = book.append(page: place, to: &frames)
        let number = Self.firstNumber &+ 1 &+ sequence
        let offset = payload &+ steps[place].number.offset
        let masks = steps[place].number.masks
        frames.set(DigitWord.spell(number / DigitWord.limit) ^ masks.0, at: offset)
        frames.set(DigitWord.spell(number % DigitWord.limit) ^ masks.1, at: offset &+ 8)
        let digits = DigitWord.spell(UInt64(share.globalNumber(connection)))
        for index in 0..<steps[place].places.count {
            let spot = steps[place].places[index]
            frames.set(digits ^ spot.mask, at: payload &+ spot.offset)
        }
    }

    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement {
        guard isChecking else { return .oldest(isRight: true) }
        // What is no message of the service is a wrong answer.
        guard kind == .text, let answer = try? AwarenessAnswer.decode(message) else { return .oldest(isRight: false) }
        switch answer.kind {
        case .warning, .warningCleared: return .push
        default: break
        }
        guard let number = answer.number else {
            // A server that does not return ids answers in order; which step that was, it does not say.
            return .oldest(isRight: answer.kind != .error && (steps.count > 1 || answer.kind == steps[0].answer))
        }
        guard number > Self.firstNumber else { return .push }
        let sequence = number &- Self.firstNumber &- 1
        let place = steps.count == 1 ? 0 : step(of: sequence, on: connection)
        return .reply(sequence, isRight: isRight(answer, message, steps[place].answer, connection))
    }

    @inline(__always)
    private func isRight(
        _ answer: AwarenessAnswer, _ message: Span<UInt8>, _ kind: AwarenessServerKind, _ connection: Int
    ) -> Bool {
        guard answer.kind == kind else { return false }
        guard kind == .registered || kind == .deregistered || kind == .focused else { return true }
        var digits = DigitWord.spell(UInt64(share.globalNumber(connection)))
        var window = InlineArray<15, UInt8>(repeating: 0)
        for (place, character) in "window-".utf8.enumerated() { window[place] = character }
        for place in 7..<15 {
            window[place] = UInt8(truncatingIfNeeded: digits)
            digits >>= 8
        }
        return answer.names(window: window.span, in: message)
    }

    /// Which step a request is: always the same for the same run, connection and number.
    private func step(of sequence: UInt64, on connection: Int) -> Int {
        guard let registerStep, sequence > 0 else { return choice.step(of: sequence, on: connection) }
        // A window that was closed is opened next, whatever was chosen: every second of a row of closings opens.
        var closings: UInt64 = 0
        while closings < sequence, steps[choice.step(of: sequence - 1 - closings, on: connection)].kind == .deregister {
            closings += 1
        }
        return closings % 2 == 1 ? registerStep : choice.step(of: sequence, on: connection)
    }

    private static func digits(_ number: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: connectionDigits.utf8.count - text.utf8.count) + text
    }
}
