import SessionBase
import SessionCodec
import SessionCore

/// What users do, and what goes wrong.
extension SyncWorld {
    /// Does one thing.
    mutating func act() throws {
        let device = Int.random(in: 0..<devices.count, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<18: comeOrGo(device)
        case 18..<55: speak(device)
        case 55..<90: call()
        case 90..<93: silence(device)
        case 93..<94: breakStore()
        case 94..<95: breakNode()
        default: heartbeat(device)
        }
    }

    // MARK: Devices

    private mutating func comeOrGo(_ device: Int) {
        guard let socket = devices[device].socket, !random.chance(0.1) else {
            let user = Int(devices[device].user.dropFirst()) ?? 0
            let session = random.chance(0.9) ? randomKind().id(user: user) : nil
            let token = random.chance(0.03) ? "forged" : nil
            return connect(device, session: session, token: token, resumes: random.chance(0.5))
        }
        if random.chance(0.3) { leave(socket, cleanly: random.chance(0.5)) }
    }

    private mutating func silence(_ device: Int) {
        guard let socket = devices[device].socket, sockets[socket].isAtClient else { return }
        die(socket)
    }

    private mutating func heartbeat(_ device: Int) {
        guard let socket = devices[device].socket else { return }
        send(.heartbeat(clientTime: nil), on: socket, as: .other)
    }

    private mutating func speak(_ device: Int) {
        guard let socket = devices[device].socket, let welcome = sockets[socket].welcome else {
            return comeOrGo(device)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6: update(on: socket, welcome.sessionID)
        case 6: send(.deviceList, on: socket, as: .other)
        case 7: send(.broadcast(event: "bell", data: unique()), on: socket, as: nil)
        default:
            let floor = ledger.floor(welcome.sessionID)
            let request = SyncClientMessage.snapshotRequest(
                session: nil, knownVersion: random.chance(0.3) ? floor : nil)
            send(request, on: socket, as: .read(session: welcome.sessionID, floor: floor))
        }
    }

    private mutating func update(on socket: Int, _ session: String) {
        var effect = StateLedger.Effect()
        var update: SyncStateUpdate
        let isCounted = SyncSessions(session) == .counted
        switch isCounted ? Int.random(in: 0..<4, using: &random) : 0 {
        case 0, 1:
            let key = plainKey()
            if random.chance(0.2) {
                update = SyncStateUpdate(key: key, operation: .delete)
                effect.deletes = [key]
            } else {
                let value = unique()
                update = SyncStateUpdate(key: key, operation: .set, value: value)
                effect.sets = [key: value.value]
            }
        case 2:
            let key = ["n0", "n1"].randomElement(using: &random)!
            update = SyncStateUpdate(key: key, operation: .increment, value: JSONFragment(Int64(1)))
            effect.increments = [key]
        default:
            let member = ["x", "y"].randomElement(using: &random)!
            let value = unique()
            update = SyncStateUpdate(
                key: "m0", operation: .merge, value: JSONFragment(.object(object([member: value.value]))))
            effect.merges = ["m0": [member: value.value]]
        }
        if random.chance(0.2) { update.baseVersion = ledger.floor(session) }
        if SyncSessions(session) == .mortal { return send(.stateUpdate(update), on: socket, as: .other) }
        let write = ledger.send(effect, to: session)
        // Without a correlation id nobody learns what became of it.
        send(.stateUpdate(update), on: socket, as: random.chance(0.9) ? .write(write) : nil)
    }

    // MARK: HTTP

    private mutating func call() {
        let user = Int.random(in: 0..<3, using: &random)
        let kind = randomKind()
        let session = kind.id(user: user)
        // Now and then somebody asks for what is not his.
        let asker = random.chance(0.05) ? "u\((user + 1) % 3)" : "u\(user)"
        let mayReplace = kind != .counted && asker == "u\(user)"
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3 where mayReplace: put(session, as: asker)
        case 3 where mayReplace: resolve(session, as: asker)
        case 4, 5: patch(session, as: asker)
        case 6:
            if random.chance(0.3) {
                post(.disconnectDevice(SyncDisconnection(session: session, device: "\(asker)-d0")), as: asker)
            } else {
                post(.listDevices(session: session), as: asker)
            }
        case 7, 8: handOver(session, as: asker)
        case 9 where kind == .mortal && random.chance(0.5): post(.deleteSession(session: session), as: asker)
        default: post(.getSnapshot(session: session, unless: nil), as: asker)
        }
    }

    private mutating func put(_ session: String, as user: String) {
        var effect = StateLedger.Effect()
        effect.replacesAll = true
        // Never nothing: the same state twice is one version.
        effect.sets[plainKey()] = unique().value
        for key in ["a", "b", "c"] where random.chance(0.5) { effect.sets[key] = unique().value }
        // An empty state may be there already, which is confirmed with the version that it has (PROTOCOLS 1-14).
        if effect.sets.isEmpty { effect.sets["a"] = unique().value }
        var write = SyncSnapshotWrite(
            session: session, user: user, state: JSONFragment(.object(object(effect.sets))), device: "h0")
        let floor = ledger.floor(session)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: write.version = floor + 1
        case 1: write.condition = .versions([floor])
        default: break
        }
        post(.putSnapshot(write), as: user, effect)
    }

    private mutating func patch(_ session: String, as user: String) {
        var effect = StateLedger.Effect()
        effect.sets = [plainKey(): unique().value]
        let other = plainKey()
        if effect.sets[other] == nil {
            if random.chance(0.5) { effect.sets[other] = unique().value } else { effect.deletes = [other] }
        }
        let call = SyncCall.patch(
            SyncPatch(
                session: session, user: user, baseVersion: ledger.floor(session),
                changes: JSONFragment(.object(object(effect.sets))), deletedKeys: Array(effect.deletes), device: "h0",
                mergesAutomatically: random.chance(0.5)))
        post(call, as: user, effect)
    }

    private mutating func resolve(_ session: String, as user: String) {
        var effect = StateLedger.Effect()
        let strategy = SyncStrategy.allCases.randomElement(using: &random)!
        for _ in 0..<2 { effect.sets[plainKey()] = unique().value }
        effect.replacesAll = strategy == .clientWins
        let call = SyncCall.resolve(
            SyncResolution(
                session: session, clientVersion: ledger.floor(session) + UInt64.random(in: 0...3, using: &random),
                clientState: JSONFragment(.object(object(effect.sets))), strategy: strategy, user: user))
        post(call, as: user, strategy == .serverWins ? nil : effect)
    }

    private mutating func handOver(_ session: String, as user: String) {
        // Mostly a recent offer; now and then one whose time may be over.
        let mine = handoffs.offers.filter { $0.session == session }.suffix(random.chance(0.7) ? 2 : 100)
        guard let offer = mine.randomElement(using: &random), random.chance(0.7) else {
            let names = ["d0", "d1", "d2"].shuffled(using: &random).map { "\(user)-\($0)" }
            let offer = SyncHandoffOffer(
                session: session, source: names[0], target: names[1], replaces: random.chance(0.3),
                disconnectsSource: random.chance(0.1), caller: random.chance(0.5) ? names[0] : nil)
            post(.offerHandoff(offer), as: user)
            // The same once more, which is pending then.
            if random.chance(0.3) { post(.offerHandoff(offer), as: user) }
            return
        }
        let caller = [offer.target, offer.target, nil, "\(user)-d2"].randomElement(using: &random)!
        let redemption = SyncHandoffRedemption(
            session: session, token: offer.token, caller: caller, isPeek: random.chance(0.2))
        post(.redeemHandoff(redemption), as: user)
        // Two at once: one at most may have it.
        if random.chance(0.3) { post(.redeemHandoff(redemption), as: user) }
    }

    // MARK: Trouble

    private mutating func breakStore() {
        guard store.failures > 0, !store.isDown else { return }
        note("the store goes down")
        count("store down")
        store.isDown = true
        queue.plan(.storeHeals, at: now + .milliseconds(Int64.random(in: 1...5000, using: &random)))
    }

    private mutating func breakNode() {
        let node = Int.random(in: 0..<nodes.count, using: &random)
        if nodes[node].isUp, random.chance(0.7) { crash(node) }
    }

    // MARK: Parts

    /// Mostly one of the kinds that promise something.
    private mutating func randomKind() -> SyncSessions {
        random.chance(0.2) ? .mortal : random.chance(0.5) ? .counted : .replaced
    }

    /// A value that no other write has.
    private mutating func unique() -> JSONFragment {
        JSONFragment(.string(String(UInt32.random(in: .min ... .max, using: &random), radix: 36) + "-\(uniqueCount())"))
    }

    private mutating func plainKey() -> String { ["a", "b", "c", "d"].randomElement(using: &random)! }

    private func object(_ members: [String: JSONValue]) -> JSONObject {
        var object = JSONObject()
        for (key, value) in members.sorted(by: { $0.key < $1.key }) { object[key] = value }
        return object
    }
}
