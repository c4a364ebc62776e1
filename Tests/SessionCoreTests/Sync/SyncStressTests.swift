import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Many events in any order, with a store that delays, reorders and fails; the machine checks itself after each.
@Suite struct SyncStressTests {
    /// One run: devices come, go, write, hand over; the store answers when and how it likes.
    private struct Run {
        var service: SyncFixture
        var random: SeededRandom
        var connections: [ConnectionID] = []
        var requests: [UInt64] = []

        static let sessions = [String.named, .claimed, .newest]

        init(seed: UInt64) {
            service = SyncFixture { $0.handoffLife = .seconds(40) }
            service.answersStore = false
            random = SeededRandom(seed: seed)
        }

        mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

        mutating func step() {
            switch number(12) {
            case 0: come()
            case 1: if let connection = anybody(removing: true) { service.close(connection, cleanly: number(2) == 0) }
            case 2...4: if let connection = anybody() { write(on: connection) }
            case 5, 6: ask()
            case 7: service.wait(.milliseconds(Int64(number(20_000))))
            case 8: service.isStoreDown = number(4) == 0
            default:
                for _ in 0..<number(6) where !service.calls.isEmpty {
                    service.answerCall(at: number(service.calls.count))
                }
            }
        }

        private mutating func anybody(removing: Bool = false) -> ConnectionID? {
            guard !connections.isEmpty else { return nil }
            let place = number(connections.count)
            return removing ? connections.remove(at: place) : connections[place]
        }

        private mutating func come() {
            let session = number(3) == 0 ? nil : Self.sessions[number(3)]
            let token = number(8) == 0 ? "boss!" : "u1"
            connections.append(service.join(token, device: "d\(number(4))", session: session))
        }

        private mutating func write(on connection: ConnectionID) {
            let key = "k\(number(3))"
            switch number(5) {
            case 0: service.update(key, .delete, correlation: "c", on: connection)
            case 1: service.update(key, .increment, "1", correlation: "c", on: connection)
            case 2: service.say(.snapshotRequest(session: nil, knownVersion: nil), on: connection)
            case 3: service.say(.broadcast(event: "e", data: .null), on: connection)
            default: service.update(key, .set, "\(number(9))", correlation: "c", on: connection)
            }
        }

        private mutating func ask() {
            let session = Self.sessions[number(3)]
            let calls: [SyncCall] = [
                .putSnapshot(SyncSnapshotWrite(session: session, user: "u1", state: .json(#"{"k0":1}"#))),
                .getSnapshot(session: session, unless: nil), .listDevices(session: session),
                .patch(SyncPatch(session: session, user: "u1", baseVersion: 1, changes: .emptyObject)),
                .disconnectDevice(SyncDisconnection(session: session, device: "d1")),
                .offerHandoff(SyncHandoffOffer(session: session, source: "d1", target: "d2", replaces: true)),
                .redeemHandoff(SyncHandoffRedemption(session: session, token: "t")),
                .deleteSession(session: session),
            ]
            requests.append(service.post(calls[number(calls.count)]))
        }

        /// Lets everything come to rest.
        mutating func finish() {
            service.isStoreDown = false
            service.answerStore()
            service.answersStore = true
            for connection in connections { service.close(connection) }
            service.wait(.seconds(600))
        }
    }

    @Test(arguments: 0..<40) func `whatever happens, everybody is answered and nothing is left behind`(seed: Int) {
        var run = Run(seed: UInt64(seed))
        for _ in 0..<400 { run.step() }
        run.finish()
        #expect(run.requests.allSatisfy { run.service.responses[$0] != nil })
        let statistics = run.service.machine.statistics
        #expect(statistics.waiting == 0 && statistics.connections == 0 && statistics.devices == 0)
        #expect(run.service.machine.heldSessionCount <= run.service.storedSessionCount, "only cached states are left")
        #expect(run.service.calls.isEmpty)
        var versions: [DocumentKey: UInt64] = [:]
        for write in run.service.written {
            let before = write.expecting == .absence ? 0 : versions[write.key] ?? 0
            #expect(write.version > before, "versions rise as long as the session is there")
            versions[write.key] = write.version
        }
    }
}

extension SyncFixture {
    /// How many sessions the store has.
    fileprivate var storedSessionCount: Int {
        var copy = store
        let request = StoreRequest.statistics(.sessions, createdSince: moment.timestamp)
        guard case .statistics(let statistics) = copy.handle(request, at: moment.timestamp) else { return 0 }
        return statistics.documents
    }
}
