import SessionBase
import SessionCodec

/// Connections that say nothing: for `idle`, which holds them.
struct QuietWorkload: Workload, ~Copyable {
    var requestBytesMax: Int { 0 }

    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        preconditionFailure("a quiet connection was to send a request")
    }

    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement { .push }
}

/// Connections that are opened and closed, again and again: for `connect`.
struct CycleWorkload: Workload, ~Copyable {
    static var isCycling: Bool { true }
    var requestBytesMax: Int { 0 }

    mutating func request(_ sequence: UInt64, on connection: Int, into frames: inout FrameBuffer) {
        preconditionFailure("a connection that is only opened was to send a request")
    }

    mutating func judge(_ message: Span<UInt8>, kind: MessageKind, on connection: Int) -> Judgement { .push }
}
