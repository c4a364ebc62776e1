/// What a client knows of a room: it follows snapshots, patches and the seed's boards, and tells when it missed one.
package struct BoardReplica: Sendable {
    /// What became of a message.
    package enum Outcome: Equatable, Sendable {
        /// The room is known as it was when the message was sent.
        case applied
        /// The message is about no state.
        case unrelated
        /// A patch does not follow what is known: ask for a `resync`. Nothing was changed.
        case gap(known: UInt64, patch: UInt64)
    }

    /// Which room it is; `nil` before the first snapshot and in a room of the seed.
    package private(set) var room: String?
    /// Which life of the room the version is counted in; `nil` like ``room``.
    package private(set) var epoch: String?
    /// Who one is oneself; `nil` like ``room``.
    package private(set) var you: String?
    /// How many changes are known, within the epoch; 0 in a room of the seed.
    package private(set) var version: UInt64 = 0
    /// Who is there, in the order in which they came first.
    package private(set) var users: [String] = []
    /// What is drawn, in the order of creation.
    package private(set) var shapes: [Shape] = []
    private var cursorsByUser: [String: BoardCursor] = [:]
    /// Where each shape is in ``shapes``.
    private var places: [String: Int] = [:]

    /// Knows nothing.
    package init() {}

    /// Where the cursors are, in the order of the users.
    package var cursors: [BoardCursor] { users.compactMap { cursorsByUser[$0] } }

    /// The shape of an id.
    package func shape(_ id: String) -> Shape? { places[id].map { shapes[$0] } }

    /// Whether a snapshot of the room is known, so that patches can be followed.
    package var isKnown: Bool { epoch != nil }

    /// Learns from a message.
    ///
    /// - Complexity: O(size of the message); O(shapes) where shapes are taken away.
    package mutating func apply(_ message: BoardServerMessage) -> Outcome {
        switch message {
        case .board(let state):
            adopt(state)
            return .applied
        case .snapshot(let snapshot):
            (room, epoch, you) = (snapshot.room, snapshot.epoch, snapshot.you)
            version = snapshot.version
            adopt(snapshot.state)
            return .applied
        case .patch(let patch): return apply(patch)
        case .ack, .error, .pong, .storage: return .unrelated
        }
    }

    private mutating func adopt(_ state: BoardState) {
        users = state.users
        shapes = state.shapes
        index()
        cursorsByUser = [:]
        for cursor in state.cursors { cursorsByUser[cursor.user] = cursor }
    }

    private mutating func apply(_ patch: BoardPatch) -> Outcome {
        let follows = patch.version == version &+ 1 || (patch.isAboutCursors && patch.version == version)
        guard isKnown, follows, patch.put.allSatisfy(isApplicable) else {
            return .gap(known: version, patch: patch.version)
        }
        version = patch.version
        for put in patch.put { apply(put) }
        if !patch.deleted.isEmpty {
            let deleted = Set(patch.deleted)
            shapes.removeAll { deleted.contains($0.id) }
            index()
        }
        // Somebody who left and came again between two patches stands in both lists, and comes last.
        for user in patch.left {
            users.removeAll { $0 == user }
            cursorsByUser[user] = nil
        }
        for user in patch.joined where !users.contains(user) { users.append(user) }
        for cursor in patch.cursors { cursorsByUser[cursor.user] = cursor }
        return .applied
    }

    /// Whether a change is about a shape that is known.
    private func isApplicable(_ put: BoardPut) -> Bool {
        if case .changed(let changed) = put { places[changed.id] != nil } else { true }
    }

    private mutating func apply(_ put: BoardPut) {
        switch put {
        case .full(let shape):
            if let place = places[shape.id] {
                shapes[place] = shape
            } else {
                places[shape.id] = shapes.count
                shapes.append(shape)
            }
        case .changed(let changed):
            guard let place = places[changed.id] else { return }
            changed.apply(to: &shapes[place])
        }
    }

    private mutating func index() {
        places.removeAll(keepingCapacity: true)
        for (place, shape) in shapes.enumerated() { places[shape.id] = place }
    }
}
