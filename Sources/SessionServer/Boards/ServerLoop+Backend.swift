import SessionBase
import SessionCore
import SessionStorage

extension ServerLoop {
    /// Notes what board asks of its backend; it is handed in with everything else of this turn.
    mutating func askBackend(_ ticket: UInt64, _ request: BackendRequest) {
        backendCalls.append(BackendCall(ticket: ticket, request: request))
    }

    /// Hands in what this turn asked of the backend.
    mutating func submitBackendCalls() {
        guard !backendCalls.isEmpty else { return }
        let calls = backendCalls
        backendCalls.removeAll(keepingCapacity: true)
        guard let backend = node.boardBackend else {
            preconditionFailure("board asks a backend that nobody configured")
        }
        backend.submit(calls, from: index)
    }

    /// Tells board what its backend says.
    mutating func backed(_ answers: [BackendAnswer]) {
        for answer in answers {
            board.backed(answer.ticket, answer.reply, sentAt: answer.sentAt, at: moment, effects: &effects)
            if effects.bytes.count > Self.effectBytesMax { performEffects() }
        }
        performEffects()
    }

    /// Puts another configuration of the backend in force; whether there is one is decided at the start.
    func reloadBackend(_ new: BoardBackendConfiguration?) {
        guard let backend = node.boardBackend, let new else { return }
        do throws(StorageError) { try backend.reload(new) } catch {
            log.write(
                .error, "the board backend stays as it was", at: moment.timestamp, ["reason": "\(error)"])
        }
    }
}
