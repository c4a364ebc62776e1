import SessionBench
import SessionCodec
import Testing

@Suite struct ScenarioTests {
    private func parse(_ json: String) throws(ScenarioError) -> Scenario {
        try Scenario.parse([UInt8](json.utf8), name: "mix.json")
    }

    @Test func `a file of weighted steps is read`() throws {
        let scenario = try parse(
            #"{"profile":"awareness","steps":[{"weight":8,"send":"heartbeat"},{"send":"list"},{"send":"ping","weight":1}]}"#
        )
        let steps = [
            Scenario.Step(weight: 8, message: "heartbeat"), .init(weight: 1, message: "list"),
            .init(weight: 1, message: "ping"),
        ]
        #expect(scenario == Scenario(name: "mix.json", profile: "awareness", steps: steps))
    }

    @Test func `an echo may say how long it is`() throws {
        let scenario = try parse(
            #"{"profile":"echo","steps":[{"weight":3,"send":"echo","bytes":16},{"weight":1,"send":"echo"}]}"#)
        #expect(scenario.steps.map(\.payloadBytes) == [16, nil])
    }

    @Test func `every message that is answered is a step`() throws {
        for message in ["register", "deregister", "heartbeat", "focus", "ping", "list"] {
            #expect(try parse(#"{"profile":"awareness","steps":[{"send":"\#(message)"}]}"#).steps[0].message == message)
        }
    }

    @Test(arguments: [
        ("", "mix.json: not JSON: expected a value at byte 0"),
        (#"{"profile" "echo"}"#, "mix.json: not JSON: expected ':' at byte 11"),
        (
            "[]",
            #"mix.json: the file must hold one object, such as {"profile":"awareness","steps":[{"weight":1,"send":"ping"}]}"#
        ),
        (#"{"steps":[]}"#, "mix.json: profile must be awareness or echo; it is missing"),
        (#"{"profile":"board","steps":[]}"#, #"mix.json: profile must be awareness or echo, not "board""#),
        (#"{"profile":"echo","stages":1}"#, #"mix.json: "stages" is not known here; the keys are profile and steps"#),
        (
            #"{"profile":"echo","steps":[]}"#,
            #"mix.json: steps must be an array of 1 to 64 steps, such as {"weight":1,"send":"ping"}"#
        ),
        (
            #"{"profile":"echo","steps":[7]}"#,
            #"mix.json: steps[0] must be an object, such as {"weight":1,"send":"ping"}"#
        ),
        (
            #"{"profile":"awareness","steps":[{"send":"ping"},{"send":"ping","wieght":2}]}"#,
            #"mix.json: steps[1]."wieght" is not known here; the keys are weight and send"#
        ),
        (
            #"{"profile":"awareness","steps":[{"send":"ping","bytes":20}]}"#,
            #"mix.json: steps[0]."bytes" is not known here; the keys are weight and send"#
        ),
        (
            #"{"profile":"echo","steps":[{"send":"echo","weight":0}]}"#,
            "mix.json: steps[0].weight must be a whole number from 1 to 1000000, not 0"
        ),
        (
            #"{"profile":"echo","steps":[{"send":"echo","weight":1.5}]}"#,
            "mix.json: steps[0].weight must be a whole number from 1 to 1000000, not 1.5"
        ),
        (
            #"{"profile":"echo","steps":[{"send":"echo","bytes":15}]}"#,
            "mix.json: steps[0].bytes must be a whole number from 16 to 67108864, not 15"
        ),
        (#"{"profile":"echo","steps":[{"send":"ping"}]}"#, #"mix.json: steps[0].send must be echo, not "ping""#),
        (
            #"{"profile":"awareness","steps":[{"weight":1}]}"#,
            "mix.json: steps[0].send must be register, deregister, heartbeat, focus, ping or list; it is missing"
        ),
    ])
    func `an error names the file, the place, what is wrong and what would be right`(json: String, message: String) {
        #expect(throws: ScenarioError.self) { try parse(json) }
        do { _ = try parse(json) } catch { #expect(error.description == message) }
    }

    @Test func `more steps than anybody reads are refused, and what stands there is cut to a line`() {
        let steps = Array(repeating: #"{"send":"echo"}"#, count: Scenario.stepsMax + 1).joined(separator: ",")
        #expect(throws: ScenarioError.self) { try parse(#"{"profile":"echo","steps":[\#(steps)]}"#) }
        let long = String(repeating: "x", count: 100)
        do { _ = try parse(#"{"profile":"\#(long)"}"#) } catch { #expect(error.description.utf8.count < 120) }
    }
}
