import SessionBase
import SessionCodec
import SessionCore

/// How a run ends: everything heals, what is under way comes to its end, and what is left is looked at.
extension SyncWorld {
    mutating func endQuietly() throws {
        store.isDown = false
        store.failures = 0
        // Long enough for every silence to be noticed, and for a server to be back.
        try run(until: now + .seconds(200))
        try checkAnswers()
        for user in 0..<3 {
            for kind in SyncSessions.allCases where kind != .mortal {
                try look(at: kind.id(user: user), of: "u\(user)")
            }
        }
        isQuiet = true
        for user in 0..<3 { try resolveAll(SyncSessions.replaced.id(user: user), of: "u\(user)") }
    }

    /// Everybody who waits on what still lives was answered.
    private func checkAnswers() throws {
        for (number, request) in requests.enumerated() where request.isAtServer && !request.isLost {
            if request.response == nil { throw SimulationFailure("request \(number) is never answered") }
        }
        for (place, socket) in sockets.enumerated()
        where socket.isAtClient && socket.isAtServer && !socket.isDead && !socket.questions.isEmpty {
            throw SimulationFailure("socket \(place) is never answered: \(socket.questions.keys.sorted())")
        }
    }

    /// What is stored holds all that was acknowledged.
    private mutating func look(at session: String, of user: String) throws {
        let floor = ledger.floor(session)
        let response = try ask(.getSnapshot(session: session, unless: nil), as: user)
        if floor > 0, response.status != .ok {
            throw SimulationFailure("\(session) is gone after version \(floor)")
        }
        _ = try ask(.listDevices(session: session), as: user)
    }

    /// The three strategies, shallow and deep, against the reference.
    private mutating func resolveAll(_ session: String, of user: String) throws {
        for strategy in SyncStrategy.allCases {
            for isDeep in [false, true] {
                let base = try ask(.putSnapshot(randomWrite(session, user)), as: user)
                let version = UInt64(try base.value["version"]?.integer ?? 0)
                let server = try object(try ask(.getSnapshot(session: session, unless: nil), as: user))
                let client = randomObject(depth: 2)
                let resolution = SyncResolution(
                    session: session, clientVersion: version + UInt64.random(in: 0...5, using: &random),
                    clientState: JSONFragment(.object(client)), strategy: strategy, isDeep: isDeep)
                let response = try ask(.resolve(resolution), as: user)
                try check(response, resolution, version, server, client)
                let stored = try object(try ask(.getSnapshot(session: session, unless: nil), as: user))
                guard try stored == object(response) else {
                    throw SimulationFailure("what was resolved is not what is stored")
                }
            }
        }
    }

    private func check(
        _ response: HTTPResponse, _ resolution: SyncResolution, _ version: UInt64, _ server: JSONObject,
        _ client: JSONObject
    ) throws {
        let wanted = ConflictReference.resolve(
            server: server, client: client, resolution.strategy, isDeep: resolution.isDeep)
        let name = "\(resolution.strategy.rawValue)\(resolution.isDeep ? ", deep" : "")"
        guard try object(response) == wanted else {
            throw SimulationFailure("\(name) of \(server) and \(client) is \(try object(response))")
        }
        let next = resolution.strategy == .serverWins ? version : max(version, resolution.clientVersion) + 1
        guard try response.value["version"]?.integer == Int64(next) else {
            throw SimulationFailure("\(name) makes another version than \(next)")
        }
        let conflicts = try response.value["conflicts"]?.elements ?? []
        guard
            Set(conflicts.compactMap { $0["key"]?.string })
                == ConflictReference.conflicts(server: server, client: client)
        else { throw SimulationFailure("\(name) finds other conflicts than there are") }
    }

    private mutating func randomWrite(_ session: String, _ user: String) -> SyncSnapshotWrite {
        SyncSnapshotWrite(session: session, user: user, state: JSONFragment(.object(randomObject(depth: 2))))
    }

    /// An object of few keys, so that two of them meet.
    private mutating func randomObject(depth: Int) -> JSONObject {
        var object = JSONObject()
        for key in ["a", "b", "c"].shuffled(using: &random) where random.chance(0.7) {
            object[key] =
                depth > 0 && random.chance(0.5)
                ? .object(randomObject(depth: depth - 1)) : .number("\(Int.random(in: 0..<3, using: &random))")
        }
        return object
    }

    /// Sends a request and waits for its answer.
    private mutating func ask(_ call: SyncCall, as user: String) throws -> HTTPResponse {
        let number = post(call, as: user)
        try run(until: now + .seconds(60)) { $0.requests[number].response != nil }
        guard let response = requests[number].response else {
            throw SimulationFailure("\(call.name) is not answered within a minute")
        }
        return response
    }

    private func object(_ response: HTTPResponse) throws -> JSONObject {
        guard case .object(let object)? = try response.value["state_data"] else {
            throw SimulationFailure("an answer without a state: \(response.status.rawValue)")
        }
        return object
    }
}

extension HTTPResponse {
    /// The body.
    fileprivate var value: JSONValue {
        get throws { try JSONValue.parse(body.span) }
    }
}
