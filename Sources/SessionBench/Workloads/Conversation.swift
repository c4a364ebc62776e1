import SessionBase
import SessionCodec

/// A workload whose requests are more than one message and its answer on one connection: see
/// ``Workload/isConversing``.
protocol Conversation: Workload, ~Copyable {}

extension Conversation where Self: ~Copyable {
    static var isConversing: Bool { true }

    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        preconditionFailure("a conversation was asked for a single request")
    }

    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement { .push }
}
