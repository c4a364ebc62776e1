/// Messages by type and refusals by code: plain sums, of which those of several loops add up.
///
/// Types and codes are enums whose raw values number their cases from 0 on.
package struct MessageCounters<Received, Sent, Code>: Equatable, Sendable
where
    Received: CaseIterable & RawRepresentable<Int>, Sent: CaseIterable & RawRepresentable<Int>,
    Code: CaseIterable & RawRepresentable<Int>
{
    fileprivate var received = [Int](repeating: 0, count: Received.allCases.count)
    fileprivate var sent = [Int](repeating: 0, count: Sent.allCases.count)
    fileprivate var refused = [Int](repeating: 0, count: Code.allCases.count)

    /// Adds the sums of another machine.
    mutating func merge(_ other: MessageCounters) {
        for index in received.indices { received[index] += other.received[index] }
        for index in sent.indices { sent[index] += other.sent[index] }
        for index in refused.indices { refused[index] += other.refused[index] }
    }
}

/// What a machine has done since it started: what all machines count, beside which a profile has counters of its own.
package protocol MachineCounters: Sendable {
    /// The types of message that clients send.
    associatedtype Received: CaseIterable & RawRepresentable<Int>
    /// The types of message that the machine sends.
    associatedtype Sent: CaseIterable & RawRepresentable<Int>
    /// Why messages are refused.
    associatedtype Code: CaseIterable & RawRepresentable<Int>

    /// Messages and refusals.
    var messages: MessageCounters<Received, Sent, Code> { get set }
}

extension MachineCounters {
    /// Messages received of a type, refused ones included.
    package func received(of kind: Received) -> Int { messages.received[kind.rawValue] }

    /// Messages sent of a type, each receiver counted; published ones count on the loop that was asked to send them.
    package func sent(of kind: Sent) -> Int { messages.sent[kind.rawValue] }

    /// Messages refused with a code, whether or not the client was told (PROTOCOLS 3-3).
    package func errors(_ code: Code) -> Int { messages.refused[code.rawValue] }

    mutating func received(_ kind: Received) { messages.received[kind.rawValue] += 1 }
    mutating func sent(_ kind: Sent, times: Int = 1) { messages.sent[kind.rawValue] += times }
    mutating func failed(_ code: Code) { messages.refused[code.rawValue] += 1 }
}
