import SessionBase
import SessionCodec
import SessionCore
import Testing

/// What the store keeps, and what becomes of it when it is damaged.
@Suite struct SyncDocumentTests {
    /// A service with one session, its devices and a handoff, and nothing in memory.
    private static let stored = {
        var service = SyncFixture()
        service.put(#"{"a":1,"é":{"b":[null,"x"]},"long":"\#(String(repeating: "y", count: 130))"}"#)
        service.patch(#"{"c":true}"#, deleting: ["a"], base: 1, device: "d1")
        _ = service.join("u1", device: "phone", session: .named)
        let offer = SyncHandoffOffer(session: .named, source: "phone", target: "tablet")
        service.request(.offerHandoff(offer))
        return service.store
    }()

    /// A service that finds a document with another content.
    private func service(_ collection: DocumentCollection, _ change: (inout [UInt8]) -> Void) -> SyncFixture {
        var service = SyncFixture()
        service.store = Self.stored
        guard var body = service.document(collection, .named)?.body else { preconditionFailure("nothing is stored") }
        change(&body)
        let write = DocumentWrite(
            key: DocumentKey(collection, .named), expecting: .anything, version: 99, body: body,
            owner: collection == .sessions ? "u1" : nil)
        _ = service.store.handle(.write(write), at: service.moment.timestamp)
        return service
    }

    private func count(_ collection: DocumentCollection) -> Int {
        service(collection) { _ in }.document(collection, .named)?.body.count ?? 0
    }

    @Test func `a session comes back as it was`() {
        var service = service(.sessions) { _ in }
        let state = service.get().json["state_data"]
        #expect(state?["é"] == ["b": [nil, "x"]] && state?["c"] == true && state?["a"] == nil)
        #expect(service.patch(#"{"a":1}"#, base: 1, merging: true).json["details"]?["conflicting_keys"] == ["a"])
        let summary = service.document(.sessions, .named).flatMap { SessionSummary(decoding: $0.body) }
        #expect(summary?.user == "u1" && summary?.device == "d1" && summary?.version == 2)
    }

    @Test func `a session that is cut off anywhere is an error and stays as it is`() {
        for length in 0..<count(.sessions) {
            var service = service(.sessions) { $0.removeLast($0.count - length) }
            #expect(service.get().code == "INTERNAL", "\(length) bytes")
            #expect(service.put("{}", version: 3).code == "INTERNAL")
            #expect(service.document(.sessions, .named)?.body.count == length)
        }
    }

    @Test(arguments: [DocumentCollection.sessions, .devices, .handoffs])
    func `a document with any byte changed traps nobody`(collection: DocumentCollection) {
        for place in 0..<count(collection) {
            for flip in [0x01, 0x80, 0xFF] as [UInt8] {
                var service = service(collection) { $0[place] ^= flip }
                service.get()
                service.request(.listDevices(session: .named))
                let redemption = SyncHandoffRedemption(session: .named, token: "nonsense", caller: "tablet")
                let response = service.request(.redeemHandoff(redemption))
                #expect(response.status == .notFound || response.status == .internalServerError)
            }
        }
    }

    @Test func `a registry that cannot be read is replaced by the next one`() {
        var service = service(.devices) { $0 = [7] }
        _ = service.join("u1", session: .named)
        #expect(service.welcomed.welcome?.devicesOnline == 1)
        #expect(service.document(.devices, .named)?.body != [7])
    }

    @Test func `handoffs that cannot be read are an error and stay as they are`() {
        var service = service(.handoffs) { $0 = [7] }
        let offer = SyncHandoffOffer(session: .named, source: "phone", target: "tablet")
        #expect(service.request(.offerHandoff(offer)).code == "INTERNAL")
        #expect(service.document(.handoffs, .named)?.body == [7])
    }
}
