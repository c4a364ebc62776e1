import SessionBase
import SessionCodec
import SessionCore

/// Who hears what: a session's own sockets alone, all of them, in one order (PROTOCOLS §3.4, §3.5).
struct PushChecker {
    /// A socket that belongs to a device of a session.
    struct Binding {
        var session: String
        var device: String
        var epoch: String
        /// What was pushed up to here is not meant for it.
        var from: UInt64
        /// The place of the last push it heard.
        var sequence: UInt64
    }

    /// One push of a session, however often it was sent.
    fileprivate struct Push: Equatable {
        var message: SyncServerMessage
        var device: String?
    }

    /// What one life of a session told, by place.
    private struct Story: Hashable {
        var session: String
        var epoch: String
    }

    /// The sockets that were welcomed and not closed.
    private(set) var bindings: [ConnectionID: Binding] = [:]
    /// Devices that were taken out of their session: one that comes back is another one, and may hear what the old one did.
    private var removed: Set<String> = []
    private var stories: [Story: [UInt64: Push]] = [:]
    /// Pushes of the event that is being looked at, with those who heard them.
    private var heard: [Story: [UInt64: Set<ConnectionID>]] = [:]
    /// Acknowledged versions of the event, by session and socket.
    private var acknowledged: [(session: String, version: UInt64, by: ConnectionID)] = []
    /// Those who are resuming in this event: what they must get.
    private var owed: [ConnectionID: Set<UInt64>] = [:]

    /// The server says something.
    ///
    /// - Parameter resumed: The place that the socket asked to go on from, where it did.
    mutating func note(
        _ frame: SyncServerFrame, to id: ConnectionID, resumed: SyncAuthentication.Resume?
    ) throws {
        if case .authSuccess(let welcome) = frame.message { return welcomed(welcome, id, resumed) }
        if case .stateUpdate(let change) = frame.message, change.isAcknowledgement, let binding = bindings[id] {
            acknowledged.append((binding.session, change.version, id))
        }
        guard let sequence = frame.envelope.sequence else { return }
        guard var binding = bindings[id] else {
            throw SimulationFailure("a push goes to a socket that was not welcomed: \(frame.message)")
        }
        guard frame.envelope.sessionID == binding.session else {
            throw SimulationFailure("a push of \(frame.envelope.sessionID ?? "") goes to \(binding.session)")
        }
        guard sequence > binding.sequence else {
            throw SimulationFailure("push \(sequence) comes after \(binding.sequence)")
        }
        binding.sequence = sequence
        bindings[id] = binding
        owed[id]?.remove(sequence)
        try note(Push(message: frame.message, device: frame.envelope.deviceID), sequence, to: id, binding)
    }

    private mutating func welcomed(
        _ welcome: SyncWelcome, _ id: ConnectionID, _ resumed: SyncAuthentication.Resume?
    ) {
        if bindings[id]?.epoch == welcome.epoch { return }  // A new credential of the same socket.
        bindings[id] = Binding(
            session: welcome.sessionID, device: welcome.deviceID, epoch: welcome.epoch, from: welcome.sequence,
            sequence: welcome.sequence)
        guard welcome.replayed != nil, let resumed else { return }
        let story = stories[Story(session: welcome.sessionID, epoch: welcome.epoch)] ?? [:]
        let missed = story.filter { sequence, push in
            sequence > resumed.sequence && push.isForAll && push.device != welcome.deviceID
        }
        owed[id] = Set(missed.keys)
    }

    private mutating func note(
        _ push: Push, _ sequence: UInt64, to id: ConnectionID, _ binding: Binding
    ) throws {
        let story = Story(session: binding.session, epoch: binding.epoch)
        if let other = stories[story]?[sequence], other != push {
            throw SimulationFailure("push \(sequence) is \(push.message) to one and \(other.message) to another")
        }
        stories[story, default: [:]][sequence] = push
        let isReborn = removed.contains(binding.session + binding.device)
        if push.isForAll, push.device == binding.device, !isResuming(id), !isReborn {
            throw SimulationFailure("\(binding.device) hears of what it did itself: \(push.message)")
        }
        heard[story, default: [:]][sequence, default: []].insert(id)
    }

    /// A device is to be taken out of its session.
    mutating func remove(_ device: String, from session: String) { removed.insert(session + device) }

    /// Whether a socket is being told what it missed, in this event.
    func isResuming(_ id: ConnectionID) -> Bool { owed[id] != nil }

    /// A socket is gone, or is told to go.
    mutating func forget(_ id: ConnectionID) {
        bindings[id] = nil
        owed[id] = nil
    }

    /// Everybody is gone: the server crashed.
    mutating func forgetAll(where isGone: (ConnectionID) -> Bool) {
        for id in Array(bindings.keys) where isGone(id) { forget(id) }
    }

    /// Holds one event against the rules, after all its effects.
    mutating func endEvent() throws {
        defer { (heard, acknowledged, owed) = ([:], [], [:]) }
        if let (id, missing) = owed.first(where: { !$0.value.isEmpty }) {
            throw SimulationFailure("\(id) resumes and does not get pushes \(missing.sorted())")
        }
        for (story, pushes) in heard {
            for (sequence, audience) in pushes {
                guard let push = stories[story]?[sequence], push.isForAll else { continue }
                try checkAudience(audience, of: push, sequence, story)
            }
        }
        for (session, version, id) in acknowledged { try checkTold(session, version, by: id) }
    }

    private func checkAudience(
        _ audience: Set<ConnectionID>, of push: Push, _ sequence: UInt64, _ story: Story
    ) throws {
        // Who resumes hears again what others heard before.
        if audience.allSatisfy(isResuming) { return }
        for (id, binding) in bindings where binding.session == story.session && binding.epoch == story.epoch {
            if binding.device != push.device, binding.from < sequence, !audience.contains(id) {
                throw SimulationFailure("\(binding.device) of \(story.session) does not hear \(push.message)")
            }
        }
    }

    /// An acknowledged change is told to the others in the same breath.
    private func checkTold(_ session: String, _ version: UInt64, by id: ConnectionID) throws {
        guard let sender = bindings[id] else { return }
        let others = bindings.contains { other, binding in
            other != id && binding.session == session && binding.epoch == sender.epoch
                && binding.device != sender.device
        }
        guard others else { return }
        let story = Story(session: session, epoch: sender.epoch)
        let isTold = (heard[story] ?? [:]).keys.contains { sequence in
            guard case .stateUpdate(let change)? = stories[story]?[sequence]?.message else { return false }
            return change.version == version
        }
        if !isTold { throw SimulationFailure("version \(version) of \(session) is acknowledged and not told") }
    }
}

extension PushChecker.Push {
    /// Whether every device of the session is meant but the one that did it; offers are for one alone.
    fileprivate var isForAll: Bool {
        guard case .broadcast(let event, _) = message else { return true }
        return event == SyncEvent.sessionReplaced.rawValue || SyncEvent(rawValue: event) == nil
    }
}
