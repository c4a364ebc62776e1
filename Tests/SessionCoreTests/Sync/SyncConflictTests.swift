import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Changes of some keys, and conflicts (PROTOCOLS 1-15 to 1-17, §3.3).
@Suite struct SyncConflictTests {
    private func service() -> SyncFixture {
        var service = SyncFixture()
        service.put(#"{"a":1,"b":1,"c":1}"#)
        return service
    }

    @Test func `keys are changed and deleted in one version`() {
        var service = service()
        let device = service.join("u1", session: .named)
        let response = service.patch(#"{"a":2,"d":{"e":1}}"#, deleting: ["b", "nothing"], base: 1, device: "d1")
        #expect(response.status == .ok && response.json["version"] == 2 && response.json["merged"] == false)
        #expect(response.json["applied_keys"] == ["a", "d"] && response.json["deleted_keys"] == ["b", "nothing"])
        #expect(service.get().json["state_data"] == ["a": 2, "c": 1, "d": ["e": 1]])
        let told = service.log.messages(to: device).compactMap { message -> String? in
            guard case .stateUpdate(let change) = message, change.version == 2 else { return nil }
            return "\(change.operation.name) \(change.key)"
        }
        #expect(told == ["SET a", "SET d", "DELETE b", "DELETE nothing"], "the device that is named is told too")
    }

    @Test func `a stale change is refused with what was changed`() {
        var service = service()
        service.patch(#"{"a":2}"#, deleting: ["b"], base: 1)
        service.patch(#"{"d":1}"#, base: 2)
        let response = service.patch(#"{"a":5,"c":5,"d":5,"e":5}"#, deleting: ["b"], base: 1)
        #expect(response.status == .conflict && response.code == "VERSION_CONFLICT")
        let details = response.json["details"]
        #expect(details?["server_version"] == 3 && details?["base_version"] == 1)
        #expect(details?["conflicting_keys"] == ["a", "d", "b"])
        #expect(details?["server_state"] == ["a": 2, "c": 1, "d": 1])
        #expect(service.machine.counters.conflicts == 1)
    }

    @Test func `a stale change of other keys is merged where that is wanted`() {
        var service = service()
        service.patch(#"{"a":2}"#, base: 1)
        #expect(service.patch(#"{"c":2}"#, base: 1).code == "VERSION_CONFLICT")
        let merged = service.patch(#"{"c":2}"#, base: 1, merging: true)
        #expect(merged.json["version"] == 3 && merged.json["merged"] == true)
        #expect(service.patch(#"{"a":9}"#, base: 1, merging: true).code == "VERSION_CONFLICT")
        #expect(service.patch(#"{"a":9}"#, base: 2, merging: true).status == .ok)
        #expect(service.get().json["state_data"] == ["a": 9, "b": 1, "c": 2])
    }

    @Test func `a key that was deleted and set again is a conflict of both times`() {
        var service = service()
        service.patch("{}", deleting: ["a"], base: 1)
        #expect(service.patch(#"{"a":2}"#, base: 1, merging: true).code == "VERSION_CONFLICT")
        service.patch(#"{"a":3}"#, base: 2)
        #expect(service.patch(#"{"a":2}"#, base: 2, merging: true).code == "VERSION_CONFLICT")
        #expect(service.patch(#"{"a":2}"#, base: 3).status == .ok)
    }

    @Test func `deletions that were forgotten count as changes`() {
        var service = service()
        let members = (0..<300).map { "\"k\($0)\":1" }.joined(separator: ",")
        service.patch("{\(members)}", base: 1)
        service.patch("{}", deleting: (0..<300).map { "k\($0)" }, base: 2)
        let old = service.patch(#"{"never":1}"#, base: 1, merging: true)
        #expect(old.json["details"]?["conflicting_keys"] == ["never"])
        #expect(service.patch(#"{"never":1}"#, base: 3).status == .ok)
    }

    @Test func `a version that does not exist yet is refused`() {
        var service = service()
        let response = service.patch("{}", base: 2)
        #expect(response.status == .conflict && response.code == "VERSION_AHEAD")
        #expect(response.json["details"]?["server_version"] == 1)
    }

    @Test func `there is nothing to change where there is no session`() {
        var service = SyncFixture()
        #expect(service.patch("{}", base: 0).code == "SESSION_NOT_FOUND")
        #expect(service.resolve("{}", .merge, version: 0).code == "SESSION_NOT_FOUND")
        _ = service.join("u1", session: .named)
        #expect(service.patch(#"{"a":1}"#, base: 0).json["version"] == 1)
    }

    @Test func `a state that becomes too large is 413`() {
        var service = service()
        let half = "\"" + String(repeating: "x", count: 600_000) + "\""
        service.patch("{\"x\":\(half)}", base: 1)
        let response = service.patch("{\"y\":\(half)}", base: 2)
        #expect(response.status == .contentTooLarge && response.code == "SNAPSHOT_TOO_LARGE")
        #expect(service.resolve("{\"y\":\(half)}", .merge, version: 2).code == "SNAPSHOT_TOO_LARGE")
        #expect(service.get().json["version"] == 2)
    }

    // MARK: Resolving

    @Test func `the server wins by leaving everything as it is`() {
        var service = service()
        let response = service.resolve(#"{"a":5,"d":5,"c":1.0}"#, .serverWins, version: 7)
        #expect(response.json["version"] == 1 && response.json["resolution_strategy"] == "server_wins")
        #expect(response.json["state_data"] == ["a": 1, "b": 1, "c": 1])
        #expect(
            response.json["conflicts"] == [
                ["key": "a", "server_value": 1, "client_value": 5, "resolved": "server"]
            ])
        #expect(service.writes.count == 1)
    }

    @Test func `the client wins by replacing everything`() {
        var service = service()
        let device = service.join("u1", session: .named)
        let response = service.resolve(#"{"a":5,"d":5}"#, .clientWins, version: 7)
        #expect(response.json["version"] == 8 && response.json["state_data"] == ["a": 5, "d": 5])
        #expect(response.json["conflicts"]?[0]?["resolved"] == "client")
        let message = SyncServerMessage.broadcast(event: "session_replaced", data: .json(#"{"version":8}"#))
        #expect(service.log.messages(to: device).last == message)
    }

    @Test func `a merge takes the keys of both and the client's value`() {
        var service = service()
        service.put(#"{"a":1,"o":{"x":1,"y":[1]},"l":[1]}"#)
        let shallow = service.resolve(#"{"a":5,"o":{"y":[2],"z":1},"n":1}"#, .merge, version: 1)
        #expect(shallow.json["version"] == 3)
        #expect(shallow.json["state_data"] == ["a": 5, "o": ["y": [2], "z": 1], "l": [1], "n": 1])
        service.put(#"{"a":1,"o":{"x":1,"y":[1],"i":{"p":1}},"l":[1]}"#)
        let deep = service.resolve(
            #"{"o":{"y":[2],"i":{"q":2}},"l":[9]}"#, .merge, version: 1, isDeep: true)
        #expect(
            deep.json["state_data"] == ["a": 1, "o": ["x": 1, "y": [2], "i": ["p": 1, "q": 2]], "l": [9]])
        #expect(deep.json["conflicts"]?[0]?["resolved"] == "merged")
        #expect(deep.json["conflicts"]?[1]?["resolved"] == "client")
    }

    @Test func `a client's version that no state can reach is refused`() {
        var service = service()
        #expect(service.resolve("{}", .merge, version: 1 << 53).code == "INVALID_VERSION")
        #expect(service.resolve("{}", .merge, version: 1 << 53 - 1).json["version"]?.integer == 1 << 53)
    }
}
