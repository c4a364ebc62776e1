/// Where a machine's unguessable bytes come from: session ids, handoff tokens.
///
/// The driver hands in the operating system's, a simulation its seeded generator.
package struct Entropy: Sendable {
    private let draw: @Sendable (Int) -> [UInt8]

    /// Draws from `draw`, which returns as many bytes as it is asked for.
    package init(_ draw: @escaping @Sendable (Int) -> [UInt8]) { self.draw = draw }

    /// Draws bytes.
    package func bytes(_ count: Int) -> [UInt8] { draw(count) }
}
