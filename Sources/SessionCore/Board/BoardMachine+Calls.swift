package import SessionBase
import SessionCodec

/// What administrators ask about one room (EXT, PROTOCOLS §1.6).
extension BoardMachine {
    /// How long an administrator waits for a flush.
    private static let flushPatience = Duration.seconds(10)

    /// The loop that a call must be handed to.
    package func shard(of call: BoardCall) -> Int { configuration.shard(ofRoom: call.room) }

    /// Carries out a call; the answer comes as an effect, at once or later: 404 where the room is not in memory.
    package mutating func requested(
        _ ticket: RequestTicket, _ call: BoardCall, at moment: Moment, effects: inout Effects
    ) {
        guard let room = roomSlots[call.room] else { return effects.respond(ticket, .noRoom) }
        guard rooms[slot: room].isLive else { return effects.respond(ticket, .roomLoads) }
        switch call {
        case .board:
            if rooms[slot: room].commit != nil { return rooms[slot: room].viewers.append(ticket) }
            show(room, to: ticket, at: moment, effects: &effects)
        case .flush:
            // Behind everything that was sent before it, like a member's.
            rooms[slot: room].queue.append(
                BoardWork(
                    action: .store(ticket, until: moment.instant + Self.flushPatience),
                    connection: BoardWork.nobody, user: "", since: moment.instant))
            advance(room, at: moment, effects: &effects)
        }
    }

    /// Shows a board to an administrator; nothing of it may be tentative.
    mutating func show(_ room: UInt32, to ticket: RequestTicket, at moment: Moment, effects: inout Effects) {
        let view = view(of: room, at: moment)
        var shapes: [UInt8] = []
        rooms[slot: room].shapes.appendExtended(to: &shapes)
        let cursors = rooms[slot: room].cursors
        var json = JSONWriter()
        json.object { json in
            view.appendMembers(to: &json)
            json.field("epoch", rooms[slot: room].epoch)
            json.field("cursors") { json in
                json.array { json in for cursor in cursors { cursor.append(to: &json) } }
            }
            json.field("board") { json in json.array { $0.raw(shapes.span) } }
        }
        effects.respond(ticket, .json(.ok, json.takeBytes()))
    }
}

extension BoardCursor {
    /// Writes it as administrators see it.
    fileprivate func append(to json: inout JSONWriter) {
        json.object { json in
            json.field("user", user)
            json.field("x", x)
            json.field("y", y)
            if let timestamp { json.field("moved_at", timestamp) }
        }
    }
}

extension HTTPResponse {
    /// The answer to a flush that is done.
    static func flushed(_ room: String, version: UInt64) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("room", room)
            json.field("version", version)
            json.field("persisted", true)
        }
        return .json(.ok, json.takeBytes())
    }

    /// The answer to a flush that did not come about.
    static var boardNotStored: HTTPResponse {
        .error(
            .serviceUnavailable, "STORE_UNAVAILABLE",
            "the board could not be stored; it is safe in the journal and tried again", retryAfter: 2)
    }

    /// The answer about a room that nobody is in.
    fileprivate static var noRoom: HTTPResponse {
        .error(.notFound, "ROOM_NOT_FOUND", "the room is not in memory: nobody is in it, and everything is stored")
    }

    /// The answer about a room whose board is not there yet.
    fileprivate static var roomLoads: HTTPResponse {
        .error(.serviceUnavailable, "ROOM_LOADS", "the room's board is being loaded; try again", retryAfter: 1)
    }
}
