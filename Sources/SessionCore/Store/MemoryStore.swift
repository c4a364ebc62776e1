package import SessionBase

/// The store's contract as a value: what every engine must answer, without files, threads or failures.
///
/// It serves as the embedded store that keeps nothing (`--store memory`), as the simulation's store, and as the model that
/// the other engines' tests compare with. Names and owners are equal where their bytes are, as in the other engines.
package struct MemoryStore: Sendable {
    /// How often documents whose time is over are looked for; a single one ceases to exist on time regardless.
    private static let sweepInterval: Int64 = 60_000

    private var tables = [DocumentTable](repeating: DocumentTable(), count: DocumentCollection.allCases.count)
    private var nextSweep = Timestamp(milliseconds: .min)

    /// Makes an empty store.
    package init() {}

    /// How many documents are held, those included that are over and were not swept yet.
    package var count: Int { tables.reduce(0) { $0 + $1.documents.count } }

    /// Carries out one request.
    ///
    /// - Parameter now: What is expired then does not exist; also what a write is dated with.
    /// - Complexity: O(1) for one document; `newest`, `trim` and a page of an owner's are linear in the owner's documents,
    ///   statistics in all. A page of all costs its own length once the names are in order, and putting them in order
    ///   (n log n) where there are other names than at the last page.
    package mutating func handle(_ request: StoreRequest, at now: Timestamp) -> StoreReply {
        sweepWhereDue(now)
        switch request {
        case .read(let key, let until): return .found(self[key.collection].read(key.name, extendingTo: until, now))
        case .write(let write): return self[write.key.collection].write(write, now)
        case .remove(let key, let version): return .removed(self[key.collection].remove(key.name, version, now))
        case .trim(let collection, let owner, let name):
            return .removed(self[collection].trim(owner, through: name, now))
        case .newest(let collection, let owner): return .found(self[collection].newest(of: owner, now))
        case .list(let collection, let owner, let name, let limit):
            var page = self[collection].page(of: owner, after: name, limit: limit, now)
            if !collection.isWalked { page.total = self[collection].count(of: owner, now) }
            return .page(page)
        case .statistics(let collection, let since):
            return .statistics(self[collection].statistics(createdSince: since, now))
        }
    }

    private subscript(collection: DocumentCollection) -> DocumentTable {
        get { tables[collection.ordinal] }
        _modify { yield &tables[collection.ordinal] }
    }

    private mutating func sweepWhereDue(_ now: Timestamp) {
        guard now >= nextSweep else { return }
        nextSweep = Timestamp(milliseconds: now.milliseconds + Self.sweepInterval)
        for index in tables.indices { tables[index].sweep(now) }
    }
}

/// One collection, and which of its documents belong to whom.
private struct DocumentTable {
    /// By the bytes of the names.
    var documents: [[UInt8]: Document] = [:]
    /// The names of each owner's documents, by the bytes of the owner; in no order.
    private var owned: [[UInt8]: Set<[UInt8]>] = [:]
    /// All names in the order of their bytes; `nil` where a name came or went since they were put in order.
    private var sortedNames: [[UInt8]]?

    mutating func read(_ name: String, extendingTo until: Timestamp?, _ now: Timestamp) -> Document? {
        guard var document = live(Array(name.utf8), now) else { return nil }
        if let until, let expiresAt = document.expiresAt, until > expiresAt {
            document.expiresAt = until
            documents[Array(name.utf8)] = document
        }
        return document
    }

    mutating func write(_ write: DocumentWrite, _ now: Timestamp) -> StoreReply {
        let name = Array(write.key.name.utf8)
        let current = live(name, now)
        switch write.expecting {
        case .anything: break
        case .absence: if current != nil { return .conflict(current) }
        case .version(let version): if current?.version != version { return .conflict(current) }
        }
        if current == nil, let owner = write.owner, let limit = write.ownerLimit, count(of: owner, now) >= limit {
            return .ownerIsFull
        }
        leaveOwner(name)
        if documents[name] == nil { sortedNames = nil }
        let document = Document(
            key: write.key, version: write.version, body: write.body, owner: write.owner,
            createdAt: current?.createdAt ?? now, updatedAt: now, expiresAt: write.expiresAt)
        documents[name] = document
        if let owner = write.owner { owned[Array(owner.utf8), default: []].insert(name) }
        return .written
    }

    mutating func remove(_ name: String, _ version: UInt64?, _ now: Timestamp) -> Bool {
        let name = Array(name.utf8)
        guard let current = live(name, now), version == nil || version == current.version else { return false }
        drop(name)
        return true
    }

    mutating func trim(_ owner: String, through name: String, _ now: Timestamp) -> Bool {
        let end = Array(name.utf8)
        let covered = names(of: owner, now).filter { !end.lexicographicallyPrecedes($0) }
        for name in covered { drop(name) }
        return !covered.isEmpty
    }

    func newest(of owner: String, _ now: Timestamp) -> Document? {
        names(of: owner, now).compactMap { documents[$0] }.max { left, right in
            if left.updatedAt != right.updatedAt { return left.updatedAt < right.updatedAt }
            return left.key.name.utf8.lexicographicallyPrecedes(right.key.name.utf8)
        }
    }

    /// A page without its total.
    mutating func page(of owner: String?, after name: String?, limit: Int, _ now: Timestamp) -> StorePage {
        let names =
            if let owner { names(of: owner, now).sorted { $0.lexicographicallyPrecedes($1) } } else { namesInOrder() }
        let limit = max(1, limit)
        var page = StorePage(documents: [], next: nil, total: 0)
        for name in names[Self.place(behind: name, in: names)...] {
            guard let document = live(name, now) else { continue }
            if page.documents.count == limit {
                page.next = page.documents.last?.key.name
                break
            }
            page.documents.append(document)
        }
        return page
    }

    func count(of owner: String?, _ now: Timestamp) -> Int {
        if let owner { names(of: owner, now).count } else { documents.keys.count { live($0, now) != nil } }
    }

    func statistics(createdSince: Timestamp, _ now: Timestamp) -> StoreStatistics {
        var statistics = StoreStatistics()
        for (name, document) in documents where live(name, now) != nil {
            statistics.documents += 1
            if document.createdAt >= createdSince { statistics.createdSince += 1 }
            statistics.bytes += document.body.count
            statistics.storedBytes += document.body.count
        }
        return statistics
    }

    mutating func sweep(_ now: Timestamp) {
        for name in Array(documents.keys) where live(name, now) == nil { drop(name) }
    }

    /// The document of a name, where there is one whose time is not over.
    private func live(_ name: [UInt8], _ now: Timestamp) -> Document? {
        guard let document = documents[name] else { return nil }
        if let expiresAt = document.expiresAt, expiresAt <= now { return nil }
        return document
    }

    private func names(of owner: String, _ now: Timestamp) -> [[UInt8]] {
        Array(owned[Array(owner.utf8)] ?? []).filter { live($0, now) != nil }
    }

    private mutating func namesInOrder() -> [[UInt8]] {
        if let sortedNames { return sortedNames }
        let sorted = documents.keys.sorted { $0.lexicographicallyPrecedes($1) }
        sortedNames = sorted
        return sorted
    }

    /// Where, in sorted names, those begin that come behind a name, which need not be among them.
    private static func place(behind name: String?, in names: [[UInt8]]) -> Int {
        guard let name = name.map({ Array($0.utf8) }) else { return 0 }
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if name.lexicographicallyPrecedes(names[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func drop(_ name: [UInt8]) {
        leaveOwner(name)
        if documents.removeValue(forKey: name) != nil { sortedNames = nil }
    }

    private mutating func leaveOwner(_ name: [UInt8]) {
        guard let owner = documents[name]?.owner.map({ Array($0.utf8) }) else { return }
        owned[owner]?.remove(name)
        if owned[owner]?.isEmpty == true { owned[owner] = nil }
    }
}
