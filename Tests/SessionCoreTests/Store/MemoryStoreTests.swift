import SessionBase
import SessionCore
import Testing

@Suite struct MemoryStoreTests {
    @Test func `what is expired is swept in time, and not only hidden`() {
        var store = MemoryStore()
        for number in 0..<10 { store.put("d\(number)", expiresAt: 1_000) }
        store.put("stays", expiresAt: nil)
        #expect(store.count == 11)
        #expect(store.names(at: 1_000) == ["stays"])
        _ = store.names(at: 70_000)
        #expect(store.count == 1)
    }

    @Test func `names and owners are told apart by their bytes`() {
        // The same letter, once composed and once of two scalars, which Swift's strings call equal.
        var store = MemoryStore()
        store.put("\u{e9}", owner: "\u{e9}")
        store.put("e\u{301}", owner: "e\u{301}")
        #expect(store.count == 2)
        #expect(store.names(owner: "\u{e9}").map { Array($0.utf8) } == [Array("\u{e9}".utf8)])
    }

    @Test func `a document that changes hands leaves its owner's list`() {
        var store = MemoryStore()
        store.put("d", owner: "ann")
        store.put("d", owner: "bob", version: 2)
        #expect(store.names(owner: "ann") == [])
        #expect(store.names(owner: "bob") == ["d"])
    }
}

extension MemoryStore {
    fileprivate mutating func put(
        _ name: String, owner: String? = nil, version: UInt64 = 1, expiresAt: Int64? = nil
    ) {
        let write = DocumentWrite(
            key: DocumentKey(.sessions, name), expecting: .anything, version: version, body: [1], owner: owner,
            expiresAt: expiresAt.map { Timestamp(milliseconds: $0) })
        #expect(handle(.write(write), at: Timestamp(milliseconds: 0)) == .written)
    }

    fileprivate mutating func names(owner: String? = nil, at time: Int64 = 0) -> [String] {
        let request = StoreRequest.list(.sessions, owner: owner, limit: 100)
        guard case .page(let page) = handle(request, at: Timestamp(milliseconds: time)) else { return [] }
        return page.documents.map(\.key.name)
    }
}
