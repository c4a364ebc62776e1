package import SessionCodec
package import SessionIO

/// A look-up of a name on a thread of its own, so that a resolver that hangs holds nobody up.
///
/// Whoever waits watches ``descriptor`` and calls ``takeAnswer()``. A look-up that is given up goes on alone; its thread
/// keeps what it needs, and its answer is lost.
package final class NameLookup: Sendable {
    /// The addresses of the name, or why there are none.
    package typealias Answer = Result<[SocketAddress], ResolutionError>

    private let answers = Mailbox<Answer>()
    private let waker: Waker

    /// Starts to look up, with the system's resolver where there is no other.
    package init(_ endpoint: Endpoint, _ resolve: Client.Resolve? = nil) throws(SystemError) {
        waker = try Waker()
        let thread = try SystemThread(name: "resolver") { [answers, waker] in
            do throws(ResolutionError) {
                let found = if let resolve { try resolve(endpoint) } else { try endpoint.addresses() }
                answers.post(.success(found))
            } catch {
                answers.post(.failure(error))
            }
            waker.wake()
        }
        thread.detach()
    }

    /// Becomes readable when the answer is there.
    package var descriptor: Int32 { waker.descriptor }

    /// The answer, once; `nil` until it is there.
    package func takeAnswer() -> Answer? { answers.takeAll().first }
}
