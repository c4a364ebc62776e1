import SessionBase
import SessionCodec
import SessionCore

/// PROTOCOLS §2 once more, as plainly as it can be written: lists, strings, and no thought of speed.
///
/// It is told the same events as the machine and says what must come of them.
struct AwarenessModel {
    /// What a client hears; of errors only the code counts.
    enum Heard: Equatable {
        case message(ConnectionID, AwarenessServerMessage, tag: MessageTag? = nil)
        case refused(ConnectionID, AwarenessErrorCode)
        case closed(ConnectionID, CloseCode)

        var connection: ConnectionID {
            switch self {
            case .message(let id, _, _), .refused(let id, _), .closed(let id, _): id
            }
        }
    }

    struct Window {
        var user: String
        var id: String
        var `case`: String
        var slide: String?
        var connection: ConnectionID?
        var activity: Int
        var lastSeen: Instant
        var graceEnds: Instant?
        var since: Timestamp
    }

    struct Socket {
        var isVersion2: Bool
        var user: String?
        var lastHeard: Instant
        var lastMessage: Instant
        var invalid: [Instant] = []
        var buckets = ModelBuckets()
        var isDoomed = false
    }

    let configuration: AwarenessConfiguration
    /// In the order of registration.
    private(set) var windows: [Window] = []
    private(set) var sockets: [ConnectionID: Socket] = [:]
    private var recent: [(connection: ConnectionID, message: AwarenessServerMessage, sent: Instant)] = []
    private var activity = 0

    init(configuration: AwarenessConfiguration) { self.configuration = configuration }

    // MARK: Connections

    mutating func open(_ id: ConnectionID, _ handshake: Handshake, at now: Instant) {
        let isVersion2 =
            handshake.subprotocol == AwarenessProtocol.version2 || handshake.query.contains { $0 == ("v", "2") }
        sockets[id] = Socket(isVersion2: isVersion2, lastHeard: now, lastMessage: now)
    }

    mutating func hear(_ id: ConnectionID, at now: Instant) {
        if sockets[id]?.isDoomed == false { sockets[id]?.lastHeard = now }
    }

    mutating func close(_ id: ConnectionID, cleanly: Bool, at now: Instant) -> [Heard] {
        guard let socket = sockets.removeValue(forKey: id), let user = socket.user else { return [] }
        let before = cases(of: user)
        if cleanly || configuration.disconnectGrace == .zero {
            windows.removeAll { $0.connection == id }
            return cleared(user, before)
        }
        for index in windows.indices where windows[index].connection == id {
            windows[index].connection = nil
            windows[index].graceEnds = now + configuration.disconnectGrace
            if configuration.liveness == .transport {
                windows[index].lastSeen = max(windows[index].lastSeen, socket.lastHeard)
            }
        }
        return []
    }

    // MARK: Messages

    mutating func receive(_ id: ConnectionID, _ bytes: [UInt8], at moment: Moment) -> [Heard] {
        guard sockets[id]?.isDoomed == false else { return [] }
        sockets[id]?.lastHeard = moment.instant
        sockets[id]?.lastMessage = moment.instant
        do throws(WireError) {
            let request = try AwarenessClientMessage.decode(bytes.span)
            if let refusal = refuseForRate(request.message, from: id, at: moment.instant) { return refusal }
            return answer(request.message, request.tag, from: id, at: moment)
        } catch {
            return refuse(error, from: id, at: moment.instant)
        }
    }

    private mutating func refuse(_ error: WireError, from id: ConnectionID, at now: Instant) -> [Heard] {
        let code: AwarenessErrorCode =
            switch error {
            case .notJSON: .invalidJSON
            case .unknownType: .unknownType
            case .notAMessage, .invalidField: .invalidMessage
            }
        sockets[id]?.invalid.append(now)
        sockets[id]?.invalid.removeAll { now - $0 >= .seconds(60) }
        guard sockets[id]!.invalid.count >= 20 else { return [.refused(id, code)] }
        return [.refused(id, code), doom(id, .tooManyErrors)]
    }

    private mutating func refuseForRate(
        _ message: AwarenessClientMessage, from id: ConnectionID, at now: Instant
    ) -> [Heard]? {
        guard let rate = configuration.messageRate else { return nil }
        switch sockets[id]!.buckets.take(message, rate, at: now) {
        case .admitted: return nil
        case .refused: return [.refused(id, .rateLimited)]
        case .exhausted: return [.refused(id, .rateLimited), doom(id, .rateLimited)]
        }
    }

    private mutating func answer(
        _ message: AwarenessClientMessage, _ tag: MessageTag?, from id: ConnectionID, at moment: Moment
    ) -> [Heard] {
        switch message {
        case .ping: return [.message(id, .pong(moment.timestamp), tag: tag)]
        case .register(let registration): return register(registration, tag, from: id, at: moment)
        case .list(let user): return list(user, tag, from: id)
        case .heartbeat(let user, let window):
            guard let index = bound(user, window, to: id) else { return [.refused(id, .notRegistered)] }
            windows[index].lastSeen = moment.instant
            let next = (configuration.heartbeatTimeout / 3).milliseconds
            return acknowledge(
                .heartbeatAck(serverTime: moment.timestamp, nextHeartbeatMilliseconds: next), tag, to: id)
        case .focus(let user, let window):
            guard let index = bound(user, window, to: id) else { return [.refused(id, .notRegistered)] }
            windows[index].lastSeen = moment.instant
            activate(index)
            let mismatch = configuration.mismatchOnFocus ? mismatch(index, at: moment.instant) : []
            return acknowledge(.focused(window: window), tag, to: id) + mismatch
        case .deregister(let user, let window):
            guard let index = bound(user, window, to: id) else { return [.refused(id, .notRegistered)] }
            let before = cases(of: user)
            windows.remove(at: index)
            return acknowledge(.deregistered(window: window), tag, to: id) + cleared(user, before)
        }
    }

    private func acknowledge(_ message: AwarenessServerMessage, _ tag: MessageTag?, to id: ConnectionID) -> [Heard] {
        sockets[id]!.isVersion2 ? [.message(id, message, tag: tag)] : []
    }

    private func bound(_ user: String, _ window: String, to id: ConnectionID) -> Int? {
        windows.firstIndex { $0.user == user && $0.id == window && $0.connection == id }
    }

    private func list(_ user: String, _ tag: MessageTag?, from id: ConnectionID) -> [Heard] {
        guard windows.contains(where: { $0.user == user && $0.connection == id }) else {
            return [.refused(id, .notRegistered)]
        }
        return [.message(id, .state(state(of: user)), tag: tag)]
    }

    /// What a `list` says about a user.
    func state(of user: String) -> [AwarenessWindowState] {
        let all = windows.filter { $0.user == user }
        let last = all.map(\.activity).max()
        return all.map {
            AwarenessWindowState(
                window: $0.id, case: $0.case, slide: $0.slide, isFocused: $0.activity == last,
                isConnected: $0.connection != nil, since: $0.since)
        }
    }

    // MARK: register

    private mutating func register(
        _ registration: AwarenessRegistration, _ tag: MessageTag?, from id: ConnectionID, at moment: Moment
    ) -> [Heard] {
        let user = registration.user
        if let pinned = sockets[id]!.user, pinned != user { return [.refused(id, .userMismatch)] }
        let known = windows.firstIndex { $0.user == user && $0.id == registration.window }
        let isNew = known.map { windows[$0].connection != id } ?? true
        if isNew, let refusal = refuseForLimit(user, known, from: id) { return refusal }
        sockets[id]?.user = user
        let before = cases(of: user)
        let isSameCase = known.map { windows[$0].case == registration.case } ?? false
        var heard: [Heard] = []
        let index: Int
        if let known {
            heard += takeOver(known, for: id)
            index = known
        } else {
            windows.append(
                Window(
                    user: user, id: registration.window, case: "", connection: nil, activity: 0,
                    lastSeen: moment.instant, since: moment.timestamp))
            index = windows.count - 1
        }
        windows[index].connection = id
        windows[index].graceEnds = nil
        windows[index].lastSeen = moment.instant
        windows[index].case = registration.case
        windows[index].slide = registration.slide
        heard.append(
            .message(id, .registered(window: registration.window, case: registration.case), tag: tag))
        if isSameCase {
            return isNew && cases(of: user).count >= 2
                ? heard + send(multiCase(user), to: [id], at: moment.instant) : heard
        }
        activate(index)
        return heard + warnings(index, before, isNew: isNew, at: moment.instant)
    }

    private mutating func refuseForLimit(_ user: String, _ known: Int?, from id: ConnectionID) -> [Heard]? {
        let carried = windows.filter { $0.connection == id }.count
        let live = windows.filter { $0.user == user && $0.connection != nil }.count
        let countsAlready = known.map { windows[$0].connection != nil } ?? false
        guard carried >= 32 || (!countsAlready && live >= configuration.windowsPerUserMax) else { return nil }
        return [.refused(id, .connectionLimit)] + (carried == 0 ? [doom(id, .connectionLimit)] : [])
    }

    private mutating func takeOver(_ index: Int, for id: ConnectionID) -> [Heard] {
        guard let old = windows[index].connection, old != id else { return [] }
        windows[index].connection = nil
        return windows.contains { $0.connection == old } ? [] : [doom(old, .superseded)]
    }

    private mutating func doom(_ id: ConnectionID, _ code: CloseCode) -> Heard {
        sockets[id]?.isDoomed = true
        return .closed(id, code)
    }

    // MARK: Warnings (§2.4)

    private mutating func warnings(_ index: Int, _ before: Set<String>, isNew: Bool, at now: Instant) -> [Heard] {
        let user = windows[index].user
        let after = cases(of: user)
        guard after.count >= 2 else { return cleared(user, before) }
        let multiCase = isNew || after != before ? send(multiCase(user), to: audience(user), at: now) : []
        return multiCase + mismatch(index, at: now)
    }

    private mutating func mismatch(_ index: Int, at now: Instant) -> [Heard] {
        let opened = windows[index]
        let others = windows.filter { $0.user == opened.user && $0.case != opened.case }
        guard let viewed = others.max(by: { $0.activity < $1.activity }) else { return [] }
        let warning = AwarenessWarning.caseMismatch(
            viewed: .init(case: viewed.case, window: viewed.id), opened: .init(case: opened.case, window: opened.id))
        let sockets = others.compactMap(\.connection)
        return send(.warning(warning), to: sockets, at: now)
    }

    private func multiCase(_ user: String) -> AwarenessServerMessage {
        .warning(.multiCase(windows.filter { $0.user == user }.map { .init(case: $0.case, window: $0.id) }))
    }

    private mutating func cleared(_ user: String, _ before: Set<String>) -> [Heard] {
        guard before.count >= 2, cases(of: user).count < 2 else { return [] }
        let audience = unique(audience(user)).filter { sockets[$0]!.isVersion2 }
        recent.removeAll { audience.contains($0.connection) }
        return audience.map { .message($0, .warningCleared(.multiCase)) }
    }

    private mutating func send(
        _ message: AwarenessServerMessage, to audience: [ConnectionID], at now: Instant
    ) -> [Heard] {
        recent.removeAll { now - $0.sent >= .seconds(1) }
        var heard: [Heard] = []
        for id in unique(audience) where !recent.contains(where: { $0.connection == id && $0.message == message }) {
            recent.append((id, message, now))
            heard.append(.message(id, message))
        }
        return heard
    }

    private func audience(_ user: String) -> [ConnectionID] {
        windows.filter { $0.user == user }.compactMap(\.connection)
    }

    private func unique(_ connections: [ConnectionID]) -> [ConnectionID] {
        connections.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func cases(of user: String) -> Set<String> { Set(windows.filter { $0.user == user }.map(\.case)) }

    private mutating func activate(_ index: Int) {
        activity += 1
        windows[index].activity = activity
    }

    // MARK: Time

    /// How long ago a window gave its last sign of life.
    func silence(of window: Window, at now: Instant) -> Duration {
        guard configuration.liveness == .transport, let connection = window.connection else {
            return now - window.lastSeen
        }
        return now - max(window.lastSeen, sockets[connection]!.lastHeard)
    }

    /// Lets time pass, the machine having removed all windows for which `isGone` holds.
    ///
    /// - Throws: ``SimulationFailure`` where one went too early or stayed too long.
    mutating func tick(at now: Instant, isGone: (Window) -> Bool) throws -> [Heard] {
        var heard: [Heard] = []
        let users = windows.map(\.user).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let before = users.map { cases(of: $0) }
        let gone = windows.filter(isGone)
        for window in windows { try check(window, isGone: isGone(window), at: now) }
        windows.removeAll(where: isGone)
        for (user, before) in zip(users, before) { heard += cleared(user, before) }
        for id in unique(gone.compactMap(\.connection))
        where sockets[id]?.isDoomed == false && !windows.contains(where: { $0.connection == id }) {
            heard.append(doom(id, .heartbeatTimeout))
        }
        return heard + closeIdleSockets(at: now)
    }

    private func check(_ window: Window, isGone: Bool, at now: Instant) throws {
        let isGraceOver = window.graceEnds.map { $0 <= now } ?? false
        let silence = silence(of: window, at: now)
        if isGone, !isGraceOver, silence < configuration.heartbeatTimeout {
            throw SimulationFailure("window \(window.id) of \(window.user) was removed after \(silence)")
        }
        if !isGone, isGraceOver || silence > configuration.heartbeatTimeout + configuration.cleanupInterval {
            throw SimulationFailure("window \(window.id) of \(window.user) is kept after \(silence)")
        }
    }

    private mutating func closeIdleSockets(at now: Instant) -> [Heard] {
        let idle = sockets.filter { id, socket in
            !socket.isDoomed && !windows.contains { $0.connection == id }
                && now - socket.lastMessage >= configuration.unregisteredTimeout
        }
        return idle.keys.sorted { $0.packed < $1.packed }.map { doom($0, .normal) }
    }
}
