package import SessionCodec

/// One thing that a command does to a board, and how it is known to be done.
///
/// A server of the second version confirms it by an `ack`. One of the seed confirms nothing: there a change is done once a
/// snapshot shows it.
package struct BoardEdit: Equatable, Sendable {
    /// What is sent.
    package let message: BoardClientMessage

    /// Wants something done.
    package init(_ message: BoardClientMessage) { self.message = message }

    /// The shape that must be there before; `nil` for what needs none.
    private var subject: String? {
        switch message {
        case .update(let id, _), .delete(let id): id
        case .create, .cursorMove, .ping, .resync, .flush: nil
        }
    }

    /// Whether a board has what the edit is about.
    func isPossible(on board: BoardReplica) -> Bool { subject.map { board.shape($0) != nil } ?? true }

    /// The shape with which a board shows the edit done; an empty text where it shows it without one.
    ///
    /// - Parameter known: Shapes that were there before, or are another edit's.
    /// - Returns: `nil` where it does not show it.
    func result(on board: BoardReplica, known: Set<String>) -> String? {
        switch message {
        case .create(let wanted): return board.shapes.first { !known.contains($0.id) && wanted.resembles($0) }?.id
        case .update(let id, let change):
            guard let shape = board.shape(id) else { return nil }
            var changed = shape
            change.apply(to: &changed)
            return changed == shape ? id : nil
        case .delete(let id): return board.shape(id) == nil ? id : nil
        case .cursorMove, .ping, .resync, .flush: return ""
        }
    }

    /// What was done, for people: the new shape's id alone, which a script wants to keep.
    ///
    /// - Parameter version: The board's version with it; `nil` where the server does not count.
    func line(shape: String, version: UInt64?) -> String {
        let place = version.map { ", version \($0)" } ?? ""
        return switch message {
        case .create: shape
        case .update(let id, _): "changed \(id)\(place)"
        case .delete(let id): "deleted \(id)\(place)"
        case .cursorMove(let x, let y): "cursor at \(BoardLine.number(x)),\(BoardLine.number(y))"
        case .ping, .resync, .flush: "done"
        }
    }
}

extension NewShape {
    /// Whether a shape may be what came of this one.
    fileprivate func resembles(_ shape: Shape) -> Bool {
        type == shape.type && x == shape.x && y == shape.y && width == shape.width && height == shape.height
            && text == shape.text && fill == shape.fill && stroke == shape.stroke && rotation == shape.rotation
    }
}
