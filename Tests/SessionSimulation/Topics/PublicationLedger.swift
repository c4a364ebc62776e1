import SessionBase

/// Every message that was published, by the number that it carries: where to, who got it, and its place there.
struct PublicationLedger {
    /// Where a message goes.
    enum Target: Equatable {
        case topic(String)
        case user(String)
        case connection(String)
    }

    /// A message.
    struct Entry {
        var target: Target
        /// The name of a connection that does not get it.
        var except: String?
        var askedAt: Instant
        /// To how many sockets the machines sent it, replays not counted.
        var sentCount = 0
        var offset: UInt64?
    }

    private(set) var entries: [Entry] = []

    /// Notes a message that is about to be published.
    ///
    /// - Returns: Its number.
    mutating func add(_ target: Target, except: String? = nil, at now: Instant) -> Int {
        entries.append(Entry(target: target, except: except, askedAt: now))
        return entries.count - 1
    }

    /// Gives a message up: its publisher was refused.
    mutating func cancel(_ number: Int) { entries[number].target = .user("nobody") }

    /// Notes that a machine sent a message to one more socket.
    mutating func sent(_ number: Int) { entries[number].sentCount += 1 }

    /// Checks how many got a message, as its publisher is told.
    mutating func answered(_ number: Int, delivered: Int, offset: UInt64?) throws {
        if entries[number].sentCount != delivered {
            throw SimulationFailure(
                "message \(number) was sent to \(entries[number].sentCount) sockets, its publisher is told \(delivered)"
            )
        }
        if let offset { try place(number, at: offset) }
    }

    /// Notes a message's place in its topic, of which it can have only one.
    mutating func place(_ number: Int, at offset: UInt64) throws {
        if let known = entries[number].offset, known != offset {
            throw SimulationFailure("message \(number) has the offsets \(known) and \(offset)")
        }
        entries[number].offset = offset
    }

    /// Whether a connection was left out of a message with this place.
    func isLeftOut(_ name: String, at offset: UInt64, of topic: String) -> Bool {
        entries.contains { $0.target == .topic(topic) && $0.offset == offset && $0.except == name }
    }

    /// Whether a message with this place was published lately enough to be kept, whatever the delays.
    func isFresh(_ offset: UInt64, of topic: String, since instant: Instant) -> Bool {
        let entry = entries.last { $0.target == .topic(topic) && $0.offset == offset }
        return entry.map { $0.askedAt > instant } ?? false
    }
}
