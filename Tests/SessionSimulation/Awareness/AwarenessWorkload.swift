import SessionBase
import SessionCodec
import SessionCore

/// What the users of a run do, and how often: drawn anew for every run, with much left out, so that rare things meet.
struct AwarenessWorkload {
    enum Action: CaseIterable {
        case register, changeCase, registerAgain, deregister, heartbeat, focus, ping, list, garbage
        case closeCleanly, closeOddly, vanish, freeze, stall, pingTransport, nothing
    }

    private let weights: [(action: Action, weight: Int)]
    private let cases: [String]
    private let windows: [String]

    init(using random: inout SeededRandom) {
        weights = Action.allCases.map { action in
            let isUsed = action == .register || random.chance(0.7)
            return (action, isUsed ? Int.random(in: 1...(action.isViolent ? 3 : 20), using: &random) : 0)
        }
        let allCases = ["C1", "C2", "C3", "Fall\u{1F4C4}", #"C"4\"#]
        cases = Array(allCases.prefix(Int.random(in: 1...5, using: &random)))
        windows = (1...Int.random(in: 2...12, using: &random)).map { "w\($0)" }
    }

    func action(using random: inout SeededRandom) -> Action {
        var draw = Int.random(in: 0..<weights.reduce(0) { $0 + $1.weight }, using: &random)
        for (action, weight) in weights {
            if draw < weight { return action }
            draw -= weight
        }
        return .nothing
    }

    // MARK: Messages

    /// The message of an action, for a client that has these windows; `nil` for an action that is none.
    func message(
        _ action: Action, for client: AwarenessClient, using random: inout SeededRandom
    ) -> AwarenessClientMessage? {
        let own = client.windows.keys.sorted().randomElement(using: &random)
        // Now and then a window that is another connection's, or nobody's, or another user's.
        let window = random.chance(0.1) ? anyWindow(using: &random) : own ?? anyWindow(using: &random)
        // A stranger's name, but never on a connection that would then belong to the stranger.
        let user = own != nil && random.chance(0.02) ? "nobody" : client.user
        switch action {
        case .register:
            return .register(registration(user, anyWindow(using: &random), using: &random))
        case .changeCase: return .register(registration(user, window, using: &random))
        case .registerAgain:
            guard let own, let known = client.windows[own] else { return nil }
            return .register(AwarenessRegistration(user: user, window: own, case: known))
        case .deregister: return .deregister(user: user, window: window)
        case .heartbeat: return .heartbeat(user: user, window: window)
        case .focus: return .focus(user: user, window: window)
        case .ping: return .ping
        case .list: return .list(user: user)
        default: return nil
        }
    }

    private func registration(
        _ user: String, _ window: String, using random: inout SeededRandom
    ) -> AwarenessRegistration {
        AwarenessRegistration(
            user: user, window: window, case: cases.randomElement(using: &random)!,
            slide: random.chance(0.3) ? "S\(Int.random(in: 1...2, using: &random))" : nil)
    }

    private func anyWindow(using random: inout SeededRandom) -> String { windows.randomElement(using: &random)! }

    /// A correlation id, now and then.
    func tag(using random: inout SeededRandom) -> MessageTag? {
        random.chance(0.2) ? .number("\(Int.random(in: 0...999, using: &random))") : nil
    }

    /// A text that is no message.
    func garbage(using random: inout SeededRandom) -> [UInt8] {
        let texts = [
            "", "{", "[]", "{}", #"{"type":"shout"}"#, #"{"type":"register","payload":{"userId":"u"}}"#,
            #"{"type":"focus","payload":{"userId":"u","windowId":"a b"}}"#, "{\"type\":\"ping\"}}",
        ]
        return [UInt8](texts.randomElement(using: &random)!.utf8)
    }

    /// What the operator has set, drawn for a run.
    static func configuration(using random: inout SeededRandom) -> AwarenessConfiguration {
        var configuration = AwarenessConfiguration()
        configuration.heartbeatTimeout = .seconds(Int.random(in: 3...60, using: &random))
        configuration.cleanupInterval = .seconds(Int.random(in: 1...30, using: &random))
        configuration.windowsPerUserMax = Int.random(in: 1...12, using: &random)
        configuration.liveness = random.chance(0.7) ? .transport : .heartbeat
        configuration.disconnectGrace = .seconds([0, 1, 10].randomElement(using: &random)!)
        configuration.unregisteredTimeout = .seconds(Int.random(in: 2...60, using: &random))
        configuration.mismatchOnFocus = random.chance(0.3)
        configuration.hash = SipHash(key0: random.next(), key1: random.next())
        // A run with buckets refuses much, and three bad seconds end a connection; most runs are spared that.
        let tokens = [2, 10, 50].randomElement(using: &random)!
        configuration.messageRate =
            random.chance(0.3) ? TokenRate(tokens: tokens, each: .seconds(1), burst: 2 * tokens) : nil
        return configuration
    }
}

extension AwarenessWorkload.Action {
    /// Whether it ends or damages a connection; a run in which these are frequent sees nothing else.
    fileprivate var isViolent: Bool {
        switch self {
        case .closeCleanly, .closeOddly, .vanish, .freeze, .stall, .garbage: true
        default: false
        }
    }
}
