public import Synchronization

/// Values on their way to another thread, in the order in which they were posted.
///
/// The lock is never held while calling out. The two buffers of a mailbox and its reader change places, so that posting
/// and taking allocate nothing once they have grown.
///
/// Public, because Swift 6.3 specialises generic code of other modules only where it is.
public final class Mailbox<Message: Sendable>: Sendable {
    @usableFromInline let pending = Mutex<[Message]>([])

    /// Makes an empty mailbox.
    @inlinable public init() {}

    /// Adds one message.
    ///
    /// - Returns: Whether the mailbox had been empty, so that the reader has to be woken.
    @discardableResult
    @inlinable public func post(_ message: Message) -> Bool {
        pending.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
    }

    /// Adds several messages, next to each other.
    @discardableResult
    @inlinable public func post(contentsOf added: [Message]) -> Bool {
        pending.withLock { messages in
            messages.append(contentsOf: added)
            return messages.count == added.count && !added.isEmpty
        }
    }

    /// Takes all messages, oldest first.
    @inlinable public func takeAll() -> [Message] {
        pending.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }

    /// Takes all messages, oldest first, and leaves `buffer`'s storage behind for the next ones.
    ///
    /// - Parameter buffer: Holds the messages afterwards; what it held before is dropped.
    @inlinable public func takeAll(into buffer: inout [Message]) {
        buffer.removeAll(keepingCapacity: true)
        var taken = buffer
        buffer = []
        pending.withLock { messages in swap(&messages, &taken) }
        buffer = taken
    }
}
