/// Why a run cannot go on: one line that says what, where and what to do, and the exit status that fits.
package struct BenchFailure: Error, Equatable, Sendable {
    /// The line, without a full stop.
    package var message: String
    /// An exit status of PROTOCOLS §1.10, such as 69 for a server that refuses.
    package var status: Int

    /// Makes a failure.
    package init(_ message: String, status: Int) {
        self.message = message
        self.status = status
    }

    /// A mistake of this program or something that the system refused to it.
    package static func `internal`(_ message: String) -> BenchFailure { BenchFailure(message, status: 70) }
}
