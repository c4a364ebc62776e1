package import SessionCodec

/// What happens on a board as lines for people, not escaped yet.
package enum BoardLine {
    /// `version 17: 3 shapes, 1 cursor, users u1, u2`, or what a patch changes.
    package static func text(of message: BoardServerMessage) -> String {
        switch message {
        case .board(let state): picture(state.shapes.count, state.cursors.count, state.users)
        case .snapshot(let snapshot):
            "version \(snapshot.version): "
                + picture(snapshot.state.shapes.count, snapshot.state.cursors.count, snapshot.state.users)
        case .patch(let patch): text(of: patch)
        case .ack(let ack): ack.shape.map { "\($0), version \(ack.version)" } ?? "version \(ack.version)"
        case .pong: "pong"
        case .storage(let status): text(of: status)
        case .error(let code, let message): "error \(code.name): \(message)"
        }
    }

    /// Whether boards reach their store.
    package static func text(of status: BoardStorage) -> String {
        switch status {
        case .degraded: "the board cannot be stored at the moment; the server keeps trying"
        case .ok: "the board is stored again"
        }
    }

    private static func picture(_ shapes: Int, _ cursors: Int, _ users: [String]) -> String {
        let people = users.isEmpty ? "nobody" : "users " + users.joined(separator: ", ")
        return "\(count(shapes, "shape")), \(count(cursors, "cursor")), \(people)"
    }

    /// `version 18: rectangle abc at 10,20, d1 deleted, u2 joined`.
    private static func text(of patch: BoardPatch) -> String {
        var parts = patch.put.map { put in
            switch put {
            case .full(let shape): "\(shape.type) \(shape.id) at \(number(shape.x)),\(number(shape.y))"
            case .changed(let changed): "\(changed.id) changed"
            }
        }
        parts += patch.deleted.map { "\($0) deleted" }
        parts += patch.cursors.map { "\($0.user) at \(number($0.x)),\(number($0.y))" }
        parts += patch.joined.map { "\($0) joined" } + patch.left.map { "\($0) left" }
        return "version \(patch.version): " + (parts.isEmpty ? "nothing changed" : parts.joined(separator: ", "))
    }

    /// `1 shape`, `3 shapes`.
    package static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// A coordinate without a fraction where it has none.
    package static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }
}
