/// A scenario of weighted steps for `bench mix`, read from a JSON file.
///
/// Each request picks one step by its weight. `{"profile":"awareness","steps":[{"weight":8,"send":"heartbeat"},
/// {"weight":1,"send":"register"},{"weight":1,"send":"ping"}]}`.
package struct Scenario: Equatable, Sendable {
    /// One kind of request.
    package struct Step: Equatable, Sendable {
        /// How often it is picked, in proportion to the others' weights; at least 1.
        package var weight: Int
        /// The message's type, as the profile's catalogue spells it.
        package var message: String
        /// Bytes of an `echo`'s payload; `nil` for those of the plan.
        package var payloadBytes: Int?

        /// Describes a step.
        package init(weight: Int, message: String, payloadBytes: Int? = nil) {
            self.weight = weight
            self.message = message
            self.payloadBytes = payloadBytes
        }
    }

    /// The file it came from, for messages and reports.
    package var name: String
    /// The profile whose messages are sent.
    package var profile: String
    /// The steps.
    package var steps: [Step]

    /// Describes a scenario.
    package init(name: String, profile: String, steps: [Step]) {
        self.name = name
        self.profile = profile
        self.steps = steps
    }
}

/// Why a file is no scenario: the file, the place in it, what is wrong and what would be right; no full stop.
package struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    package let description: String

    /// Names the file before what is wrong in it.
    init(_ name: String, _ problem: String) { description = "\(name): \(problem)" }
}
