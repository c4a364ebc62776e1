import SessionBase
import SessionCodec

/// What members of a room read of the server's messages (seed 003, *Server->Client Messages*; PROTOCOLS §5.3): one pass,
/// without building values, and of a bare board no more of the shapes than somebody waits for.
extension BoardRoom {
    /// Reads a message to a member, and notes what the member has now seen.
    ///
    /// - Returns: `nil` where it is no message of this service.
    mutating func hear(
        _ message: Span<UInt8>, by member: Int, at now: Instant, _ recorder: inout Recorder
    ) -> News? {
        var news = News()
        var reader = JSONReader()
        do throws(JSONError) {
            guard try reader.kind(in: message) == .object else { return nil }
            try reader.beginObject(in: message)
            while let key = try reader.nextKey(in: message) {
                let isEnough = try readMember(key, &reader, message, member, now, &news, &recorder)
                if isEnough { break }
            }
        } catch {
            return nil
        }
        if news.kind == .patch || news.kind == .snapshot { follow(news, member, &recorder) }
        return news
    }

    /// - Returns: Whether nothing of the rest need be read.
    @inline(__always)
    private mutating func readMember(
        _ key: JSONText, _ reader: inout JSONReader, _ message: Span<UInt8>, _ member: Int, _ now: Instant,
        _ news: inout News, _ recorder: inout Recorder
    ) throws(JSONError) -> Bool {
        if key.matches("cursors", in: message) {
            try readCursors(&reader, message, member, now, &recorder)
        } else if key.matches("shapes", in: message) {
            news.hasBoard = true
            return try readBoard(&reader, message, member, now, &recorder)
        } else if key.matches("put", in: message) {
            let isEmpty = try readPut(&reader, message, member, now, &recorder)
            if !isEmpty { news.hasChanges = true }
        } else if key.matches("del", in: message) {
            let isEmpty = try readDeletions(&reader, message, member)
            if !isEmpty { news.hasChanges = true }
        } else if key.matches("join", in: message) || key.matches("leave", in: message) {
            if try reader.skipValue(in: message).count > 2 { news.hasChanges = true }
        } else if key.matches("type", in: message) {
            news.kind = try SyncAnswer.text(&reader, message).flatMap { News.Kind($0, in: message) }
        } else if key.matches("version", in: message) {
            news.version = try SyncAnswer.number(&reader, message)
        } else if key.matches("id", in: message) {
            news.tag = try SyncAnswer.text(&reader, message).flatMap { message.decimal(in: $0.range) }
        } else if key.matches("code", in: message) {
            news.code = try SyncAnswer.text(&reader, message)
        } else {
            try reader.skipValue(in: message)
        }
        return false
    }

    // MARK: Cursors

    private mutating func readCursors(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ member: Int, _ now: Instant, _ recorder: inout Recorder
    ) throws(JSONError) {
        try reader.beginArray(in: message)
        while try reader.nextElement(in: message) {
            var (user, x): (JSONText?, UInt64?) = (nil, nil)
            try reader.beginObject(in: message)
            while let key = try reader.nextKey(in: message) {
                if key.matches("userId", in: message) {
                    user = try SyncAnswer.text(&reader, message)
                } else if key.matches("x", in: message) {
                    x = try SyncAnswer.number(&reader, message)
                } else {
                    try reader.skipValue(in: message)
                }
            }
            guard let user, user.count > Self.digits,
                let digits = message.decimal(in: user.range.upperBound - Self.digits..<user.range.upperBound),
                let mover = roster.member(ofUser: digits, in: number)
            else {
                Self.fault("a cursor of nobody", &recorder)
                continue
            }
            guard let move = BoardWords.number(ofX: x), cursors.see(move, of: mover, by: member, at: now, &recorder)
            else {
                Self.fault("a cursor where it never was", &recorder)
                continue
            }
        }
    }

    /// How many digits end a user's name.
    private static let digits = 8

    // MARK: Boards

    /// Reads the shapes of a whole board.
    ///
    /// - Returns: Whether all that somebody waits for was found where it was expected, so that nothing else was read.
    private mutating func readBoard(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ member: Int, _ now: Instant, _ recorder: inout Recorder
    ) throws(JSONError) -> Bool {
        try reader.beginArray(in: message)
        let start = reader.offset
        if roster.load.mode == .seed, isReady(member), look(message, from: start, member, now, &recorder) {
            return true
        }
        for shape in found.indices { found[shape] = false }
        strangers[member] = 0
        while try reader.nextElement(in: message) {
            let record = try readRecord(&reader, message)
            note(record, from: start, message, member, now, &recorder)
        }
        for shape in found.indices where !found[shape] {
            layout.forget(shape)
            changes.miss(shape, at: member)
        }
        return false
    }

    /// Looks at the shapes whose changes a member lacks, and at one other, where they are expected.
    ///
    /// - Returns: Whether they stand there.
    private mutating func look(
        _ message: Span<UInt8>, from start: Int, _ member: Int, _ now: Instant, _ recorder: inout Recorder
    ) -> Bool {
        if !found.isEmpty {
            sample = sample + 1 < found.count ? sample + 1 : 0
            guard let x = layout.x(of: sample, names, in: message, from: start) else { return false }
            see(sample, x: x, by: member, at: now, &recorder)
        }
        // What a member sees may end a change, and take its shape off the list.
        var index = changes.open.count
        while index > 0 {
            index = min(index, changes.open.count) - 1
            guard index >= 0 else { break }
            let shape = changes.open[index]
            guard changes.isBehind(shape, at: member) else { continue }
            guard let x = layout.x(of: shape, names, in: message, from: start) else { return false }
            see(shape, x: x, by: member, at: now, &recorder)
        }
        return true
    }

    /// What a load reads of a shape.
    private struct Record {
        var id: JSONText?
        var x: Range<Int>?
        var y: UInt64?
        var owner: JSONText?
    }

    private func readRecord(_ reader: inout JSONReader, _ message: Span<UInt8>) throws(JSONError) -> Record {
        var record = Record()
        try reader.beginObject(in: message)
        while let key = try reader.nextKey(in: message) {
            if key.matches("id", in: message) {
                record.id = try SyncAnswer.text(&reader, message)
            } else if key.matches("x", in: message) {
                record.x = try reader.skipValue(in: message)
            } else if key.matches("y", in: message) {
                record.y = try SyncAnswer.number(&reader, message)
            } else if key.matches("userId", in: message) {
                record.owner = try SyncAnswer.text(&reader, message)
            } else {
                try reader.skipValue(in: message)
            }
        }
        return record
    }

    private mutating func note(
        _ record: Record, from start: Int, _ message: Span<UInt8>, _ member: Int, _ now: Instant,
        _ recorder: inout Recorder
    ) {
        guard let shape = shape(of: record, message), let id = record.id else {
            strangers[member] += 1
            return
        }
        found[shape] = true
        layout.learn(shape, id: id.start, number: record.x?.lowerBound, from: start)
        see(shape, x: record.x.flatMap { message.decimal(in: $0) }, by: member, at: now, &recorder)
    }

    /// The shape that a record is of, which is learnt where the room has just made it; `nil` for somebody else's.
    private mutating func shape(of record: Record, _ message: Span<UInt8>) -> Int? {
        guard let id = record.id else { return nil }
        if let shape = names.shape(id, in: message) { return shape }
        guard !names.isComplete, let y = record.y, y < UInt64(names.ids.count), names.ids[Int(y)].isEmpty,
            let owner = record.owner, owner.equals(creator, in: message)
        else { return nil }
        names.learn(id, of: Int(y), in: message)
        return Int(y)
    }

    /// Who makes the room's shapes.
    var creator: [UInt8] { Array(roster.user(of: roster.connection(of: 0, in: number)).utf8) }

    // MARK: Patches

    /// - Returns: Whether it has nothing.
    private mutating func readPut(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ member: Int, _ now: Instant, _ recorder: inout Recorder
    ) throws(JSONError) -> Bool {
        var isEmpty = true
        try reader.beginArray(in: message)
        while try reader.nextElement(in: message) {
            isEmpty = false
            let record = try readRecord(&reader, message)
            guard let shape = shape(of: record, message) else {
                strangers[member] += 1
                continue
            }
            guard let x = record.x else { continue }
            see(shape, x: message.decimal(in: x), by: member, at: now, &recorder)
        }
        return isEmpty
    }

    /// - Returns: Whether there is none.
    private mutating func readDeletions(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ member: Int
    ) throws(JSONError) -> Bool {
        var isEmpty = true
        try reader.beginArray(in: message)
        while try reader.nextElement(in: message) {
            isEmpty = false
            guard let id = try SyncAnswer.text(&reader, message) else { continue }
            if let shape = names.shape(id, in: message) {
                changes.miss(shape, at: member)
            } else {
                strangers[member] -= 1
            }
        }
        return isEmpty
    }

    /// Checks that no version is missing (PROTOCOLS §5.3): each patch is the one behind what the member has, and one without
    /// changes repeats the version.
    private mutating func follow(_ news: News, _ member: Int, _ recorder: inout Recorder) {
        guard let version = news.version else { return Self.fault("no version", &recorder) }
        defer { versions[member] = version }
        guard news.kind == .patch, let before = versions[member] else { return }
        guard version != before + (news.hasChanges ? 1 : 0) else { return }
        recorder.board { $0.gaps &+= 1 }
        Self.fault("a version is missing", &recorder)
    }
}

extension BoardRoom.News.Kind {
    fileprivate init?(_ text: JSONText, in bytes: Span<UInt8>) {
        if text.matches("patch", in: bytes) {
            self = .patch
        } else if text.matches("snapshot", in: bytes) {
            self = .snapshot
        } else if text.matches("ack", in: bytes) {
            self = .ack
        } else if text.matches("error", in: bytes) {
            self = .error
        } else {
            return nil
        }
    }
}
