/// The words of a protocol, one for each case.
package protocol Spelled: CaseIterable {
    /// How the case is spelled on the wire.
    var spelling: StaticString { get }
}

extension Spelled {
    /// The spelling as a string.
    package var name: String { spelling.description }

    /// The case that is spelled `name`.
    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}
