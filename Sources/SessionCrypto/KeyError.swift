/// Why bytes or numbers are no key that signatures can be made or checked with; a clause for a longer sentence.
package struct KeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause, which never repeats the key.
    package let description: String

    /// Makes an error of its clause.
    init(_ description: String) { self.description = description }
}
