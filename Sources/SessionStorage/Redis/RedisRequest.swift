import SessionBase
import SessionCore

/// How requests become scripts with arguments, and the scripts' answers replies.
enum RedisRequest {
    /// What all keys begin with; the rest is told by ``RedisScript``.
    static let prefix = "sessionctl:"

    /// The script that carries a request out.
    static func script(_ request: StoreRequest) -> RedisScript {
        switch request {
        case .read: .read
        case .write: .write
        case .remove: .remove
        case .trim: .trim
        case .newest: .newest
        case .list: .page
        case .statistics: .statistics
        }
    }

    /// Adds the number of keys, the keys, and what the script takes.
    ///
    /// - Parameter isAgain: Whether it may have been carried out before, on a connection that was lost.
    static func append(_ call: StoreCall, isAgain: Bool, to command: inout RedisCommand) {
        command.append("1")
        command.append(keys(call.request.collection))
        let now = String(call.time.milliseconds)
        switch call.request {
        case .read(let key, let until):
            command.append(key.name)
            command.append(now)
            command.append(number(until?.milliseconds))
        case .write(let write): append(write, now, isAgain: isAgain, to: &command)
        case .remove(let key, let version):
            command.append(key.name)
            command.append(now)
            command.append(number(version))
        case .trim(_, let owner, let name):
            command.append(owner)
            command.append(now)
            command.append(name)
        case .newest(_, let owner):
            command.append(owner)
            command.append(now)
        case .list(let collection, let owner, let name, let limit):
            command.append(spelled(owner))
            command.append(now)
            command.append(name ?? "")
            command.append(String(max(1, limit)))
            command.append(collection.isWalked ? "0" : "1")
        case .statistics(_, let since):
            command.append(now)
            command.append(String(since.milliseconds))
        }
    }

    /// The beginning of a collection's keys, which carries its hash tag.
    static func keys(_ collection: DocumentCollection) -> String { "\(prefix){\(collection.rawValue)}:" }

    private static func append(
        _ write: DocumentWrite, _ now: String, isAgain: Bool, to command: inout RedisCommand
    ) {
        let stored = StoredBody.encode(write.body)
        command.append(write.key.name)
        command.append(now)
        switch write.expecting {
        case .anything: command.append("anything")
        case .absence: command.append("absence")
        case .version(let version): command.append(String(version))
        }
        command.append(String(write.version))
        command.append(stored)
        command.append(String(write.body.count))
        command.append(String(stored.count - 1))
        command.append(spelled(write.owner))
        command.append(number(write.ownerLimit))
        command.append(number(write.expiresAt?.milliseconds))
        command.append(isAgain ? "1" : "0")
    }

    /// An owner that may be none, which differs from one without characters.
    private static func spelled(_ owner: String?) -> String { owner.map { "+" + $0 } ?? "-" }

    private static func number(_ number: (some BinaryInteger)?) -> String { number.map { String($0) } ?? "" }
}

/// Reading the answers.
extension RedisRequest {
    /// What a script's answer means; `nil` where it is none that the script gives.
    static func reply(to request: StoreRequest, _ reply: RedisReply, isAgain: Bool) -> StoreReply? {
        switch (request, reply) {
        case (.read, .nothing), (.newest, .nothing): .found(nil)
        case (.read(let key, _), .array(let fields)): found(key, fields)
        case (.newest(let collection, _), .array(let pair)):
            pair.count == 2 ? named(collection, pair).map { $0.reply } : nil
        case (.write(let write), .array(let fields)): written(write.key, fields)
        case (.remove, .integer(0)) where isAgain:
            .unavailable("the connection to Redis was lost while a document was removed")
        case (.remove, .integer(let count)): .removed(count > 0)
        case (.trim, .integer(0)) where isAgain:
            .unavailable("the connection to Redis was lost while documents were removed")
        case (.trim, .integer(let count)): .removed(count > 0)
        case (.list(let collection, let owner, _, _), .array(let fields)): page(collection, of: owner, fields)
        case (.statistics, .array(let fields)): statistics(fields)
        default: nil
        }
    }

    /// A document as it was found: whole, or damaged.
    private enum Found {
        case document(Document)
        case damaged(DocumentKey)

        var reply: StoreReply {
            switch self {
            case .document(let document): .found(document)
            case .damaged(let key): .damaged(key)
            }
        }
    }

    private static func found(_ key: DocumentKey, _ fields: [RedisReply]) -> StoreReply? {
        document(key, fields).map { $0.reply }
    }

    private static func written(_ key: DocumentKey, _ fields: [RedisReply]) -> StoreReply? {
        switch fields.first?.number {
        case 1: return .written
        case 3: return .ownerIsFull
        case 2 where fields.count == 2:
            guard case .array(let present) = fields[1] else { return .conflict(nil) }
            guard let found = document(key, present) else { return nil }
            if case .document(let document) = found { return .conflict(document) }
            return found.reply
        default: return nil
        }
    }

    private static func page(
        _ collection: DocumentCollection, of owner: String?, _ fields: [RedisReply]
    ) -> StoreReply? {
        guard fields.count == 3, let total = fields[0].number, case .array(let pairs) = fields[2] else { return nil }
        var documents: [Document] = []
        for case .array(let pair) in pairs {
            switch named(collection, pair) {
            case .document(let document): documents.append(document)
            case .damaged(let key) where owner != nil && collection.isWalked: return .damaged(key)
            // A damaged one is left out, as in the other engines.
            case .damaged, nil: break
            }
        }
        return .page(StorePage(documents: documents, next: fields[1].text, total: Int(total)))
    }

    private static func statistics(_ fields: [RedisReply]) -> StoreReply? {
        let numbers = fields.compactMap { $0.number.map { Int($0) } }
        guard numbers.count == 5 else { return nil }
        var statistics = StoreStatistics()
        statistics.documents = numbers[0]
        statistics.createdSince = numbers[1]
        statistics.bytes = numbers[2]
        statistics.storedBytes = numbers[3]
        statistics.compressed = numbers[4]
        return .statistics(statistics)
    }

    private static func named(_ collection: DocumentCollection, _ pair: [RedisReply]) -> Found? {
        guard pair.count == 2, let name = pair[0].text, case .array(let fields) = pair[1] else { return nil }
        return document(DocumentKey(collection, name), fields)
    }

    /// Makes a document of `v o c u e s b`.
    private static func document(_ key: DocumentKey, _ fields: [RedisReply]) -> Found? {
        guard fields.count == 7, let version = fields[0].text.flatMap({ UInt64($0) }), let created = fields[2].number,
            let updated = fields[3].number, let end = fields[4].text, let size = fields[5].number,
            let stored = fields[6].bytes
        else { return nil }
        guard let body = StoredBody.decode(stored, size: Int(size)) else { return .damaged(key) }
        return .document(
            Document(
                key: key, version: version, body: body, owner: fields[1].text,
                createdAt: Timestamp(milliseconds: created), updatedAt: Timestamp(milliseconds: updated),
                expiresAt: Int64(end).map { Timestamp(milliseconds: $0) }))
    }
}

extension StoreRequest {
    /// The collection that a request is about.
    var collection: DocumentCollection {
        switch self {
        case .read(let key, _), .remove(let key, _): key.collection
        case .write(let write): write.key.collection
        case .newest(let collection, _), .trim(let collection, _, _), .list(let collection, _, _, _),
            .statistics(let collection, _):
            collection
        }
    }
}
