package import SessionCodec

extension Scenario {
    /// The most steps of one scenario; nobody reads a longer report.
    package static let stepsMax = 64
    /// The largest weight, so that the sum of all stays a small number.
    package static let weightMax = 1_000_000
    /// The shortest payload of an `echo`: the numbers by which replies are told apart, without fill.
    package static let payloadBytesMin = EchoWorkload.payloadBytesMin

    /// Reads a scenario file.
    ///
    /// - Parameters:
    ///   - json: The file's contents.
    ///   - name: What errors and reports call it; its path.
    /// - Throws: ``ScenarioError``, for which exit status 65 fits.
    package static func parse(_ json: [UInt8], name: String) throws(ScenarioError) -> Scenario {
        let document: JSONValue
        do { document = try JSONValue.parse(json.span) } catch {
            throw ScenarioError(name, "not JSON: \(error)")
        }
        return try ScenarioReader(name: name).scenario(document)
    }

    /// The messages that may be steps of a profile's scenario: those with an answer, which in the second version of
    /// awareness' protocol all have (PROTOCOLS 0-11). After a `deregister` the connection registers its window again.
    package static func messages(of profile: ProtocolID) -> [String] {
        switch profile {
        case .awareness: AwarenessClientKind.allCases.map(\.name)
        // Its loads are workloads of their own.
        case .sync, .channels, .board, .lockers: []
        case .echo: [echoMessage]
        }
    }

    /// The only step of the profile `echo`, whose messages have no types of their own.
    package static let echoMessage = "echo"
}

/// Reads a scenario's values; every error says where in the file it stands, as `steps[2].weight`.
private struct ScenarioReader {
    let name: String

    func scenario(_ document: JSONValue) throws(ScenarioError) -> Scenario {
        guard case .object(let object) = document else {
            throw error(
                #"the file must hold one object, such as {"profile":"awareness","steps":[{"weight":1,"send":"ping"}]}"#)
        }
        try refuseUnknownKeys(of: object, at: "", known: ["profile", "steps"])
        let profile = try profile(object["profile"])
        guard case .array(let elements)? = object["steps"], 1...Scenario.stepsMax ~= elements.count else {
            throw error(
                #"steps must be an array of 1 to \#(Scenario.stepsMax) steps, such as {"weight":1,"send":"ping"}"#)
        }
        var steps: [Scenario.Step] = []
        for (place, element) in elements.enumerated() {
            steps.append(try step(element, at: "steps[\(place)]", of: profile))
        }
        return Scenario(name: name, profile: profile.rawValue, steps: steps)
    }

    private func profile(_ value: JSONValue?) throws(ScenarioError) -> ProtocolID {
        guard let text = value?.string, let profile = ProtocolID(rawValue: text),
            !Scenario.messages(of: profile).isEmpty
        else {
            let known = Self.list(ProtocolID.allCases.filter { !Scenario.messages(of: $0).isEmpty }.map(\.rawValue))
            throw error("profile must be \(known)\(Self.found(value))")
        }
        return profile
    }

    private func step(_ value: JSONValue, at place: String, of profile: ProtocolID) throws(ScenarioError)
        -> Scenario.Step
    {
        guard case .object(let object) = value else {
            throw error(#"\#(place) must be an object, such as {"weight":1,"send":"ping"}"#)
        }
        try refuseUnknownKeys(
            of: object, at: place + ".", known: profile == .echo ? ["weight", "send", "bytes"] : ["weight", "send"])
        return Scenario.Step(
            weight: try number(object["weight"], at: place + ".weight", 1...Scenario.weightMax) ?? 1,
            message: try message(object["send"], at: place + ".send", of: profile),
            payloadBytes: try number(
                object["bytes"], at: place + ".bytes",
                Scenario.payloadBytesMin...EchoProtocol.descriptor.messageBytesMax))
    }

    private func message(_ value: JSONValue?, at place: String, of profile: ProtocolID) throws(ScenarioError) -> String
    {
        let allowed = Scenario.messages(of: profile)
        if let text = value?.string, allowed.contains(text) { return text }
        throw error("\(place) must be \(Self.list(allowed))\(Self.found(value))")
    }

    /// Reads a whole number; `nil` where the key is missing.
    private func number(
        _ value: JSONValue?, at place: String, _ range: ClosedRange<Int>
    ) throws(ScenarioError) -> Int? {
        guard let value else { return nil }
        guard let number = value.integer, let whole = Int(exactly: number), range.contains(whole) else {
            throw error(
                "\(place) must be a whole number from \(range.lowerBound) to \(range.upperBound)\(Self.found(value))")
        }
        return whole
    }

    private func refuseUnknownKeys(of object: JSONObject, at place: String, known: [String]) throws(ScenarioError) {
        for member in object.members where !known.contains(member.key) {
            throw error(
                "\(place)\(JSONValue.string(member.key).text()) is not known here; the keys are \(Self.list(known, "and"))"
            )
        }
    }

    private func error(_ problem: String) -> ScenarioError { ScenarioError(name, problem) }

    /// What stands there instead, cut to what fits a line.
    private static func found(_ value: JSONValue?) -> String {
        guard let value else { return "; it is missing" }
        let text = value.text()
        return ", not " + (text.utf8.count > 40 ? String(text.prefix(37)) + "..." : text)
    }

    /// `a, b or c`.
    private static func list(_ words: [String], _ joint: String = "or") -> String {
        words.count < 2
            ? words.joined() : words.dropLast().joined(separator: ", ") + " \(joint) " + words[words.count - 1]
    }
}
