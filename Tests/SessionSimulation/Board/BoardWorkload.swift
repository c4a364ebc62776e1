import SessionBase
import SessionCodec
import SessionCore

/// What people do, and what happens to the server, the store and the backend.
extension BoardWorld {
    private static let users = ["u0", "u1", "u2", "u3", "viewer"]

    /// Does one thing.
    mutating func act() throws {
        let open = sockets.indices.filter { sockets[$0].isOpen }
        guard let place = open.randomElement(using: &random), open.count > 1 || random.chance(0.5) else {
            return try openAny()
        }
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.08: if open.count < 10 { try openAny() }
        case ..<0.15: leave(place)
        case ..<0.40: create(on: place)
        case ..<0.56: update(on: place)
        case ..<0.66: delete(on: place)
        case ..<0.82:
            let (x, y) = (Double.random(in: 0...9, using: &random), Double(Int.random(in: 0...9, using: &random)))
            say(.cursorMove(x: x, y: y), .cursor, on: place)
        case ..<0.87: sayExtension(on: place)
        case ..<0.92: block(place)
        default: try trouble()
        }
    }

    private mutating func openAny() throws {
        guard isUp else { return }
        let user = Self.users.randomElement(using: &random)!
        let room = Self.rooms.randomElement(using: &random)!
        try open(user, room, isExtended: random.chance(0.6), isViewer: user == "viewer")
    }

    private mutating func create(on place: Int) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var shape = NewShape(type: "rectangle", x: Double(Int.random(in: 0...99, using: &random)), y: 0)
            if random.chance(0.5) { shape.text = "t\(Int.random(in: 0...9, using: &random))" }
            say(.create(shape), .create, on: place)
        }
    }

    private mutating func update(on place: Int) {
        guard let shape = sockets[place].replica.shapes.randomElement(using: &random) else { return }
        var change = ShapeChange()
        if random.chance(0.8) { change.x = Double(Int.random(in: 0...99, using: &random)) }
        if random.chance(0.3) { change.text = random.chance(0.5) ? .remove : .set("changed") }
        if random.chance(0.2) { change.rotation = 45 }
        say(.update(shape.id, change), .update(shape.id), on: place)
    }

    private mutating func delete(on place: Int) {
        guard let shape = sockets[place].replica.shapes.randomElement(using: &random) else { return }
        say(.delete(shape.id), .delete(shape.id), on: place)
        if random.chance(0.3) { say(.update(shape.id, ShapeChange(x: 1)), .update(shape.id), on: place) }
    }

    private mutating func sayExtension(on place: Int) {
        guard sockets[place].isExtended else { return }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: say(.ping, .ping, on: place)
        case 1: say(.resync, .resync, on: place)
        default: say(.flush, .flush, on: place)
        }
    }

    /// Lets a socket take nothing for a while.
    private mutating func block(_ place: Int) {
        guard sockets[place].isAtServer, !sockets[place].isBlocked, !sockets[place].isMoving else { return }
        note("socket \(place) takes nothing")
        sockets[place].isBlocked = true
        queue.plan(.unblocked(place), at: now + .milliseconds(Int64.random(in: 1...2_000, using: &random)))
    }

    private mutating func trouble() throws {
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where isUp: crash()
        case 1 where !store.isDown:
            note("the store is down")
            count("store down")
            store.isDown = true
            queue.plan(.storeHeals, at: now + .milliseconds(Int64.random(in: 10...5_000, using: &random)))
        case 2, 3:
            guard !backend.isDown else { return }
            note("the backend is down")
            count("backend down")
            backend.isDown = true
            queue.plan(.backendHeals, at: now + .milliseconds(Int64.random(in: 100...60_000, using: &random)))
        case 4, 5:
            let room = Self.rooms.randomElement(using: &random)!
            // Also beyond the clock, to which our versions leap after a crash.
            let step: UInt64 = random.chance(0.5) ? .random(in: 1...5, using: &random) : 1 << 41
            try backend.touch(room, by: step)
        case 6:
            let room = Self.rooms.randomElement(using: &random)!
            note("the backend refuses \(room)")
            count("room refused")
            backend.refused.insert(room)
            let time = Duration.milliseconds(Int64.random(in: 100...60_000, using: &random))
            queue.plan(.backendAccepts(room), at: now + time)
        default: break
        }
    }
}
