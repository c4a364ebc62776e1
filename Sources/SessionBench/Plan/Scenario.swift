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

        /// Describes a step.
        package init(weight: Int, message: String) {
            self.weight = weight
            self.message = message
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
