import SessionBase
import SessionCodec
import SessionCore

/// The token buckets of one connection as PROTOCOLS C6, 0-1 and §2.5 tell them: what is in them, and when it was counted.
struct ModelBuckets {
    enum Outcome { case admitted, refused, exhausted }

    /// What is in a bucket, in nanoseconds of refilling.
    private struct Bucket {
        var level: Int64?
        var counted = Instant.zero

        /// Takes `cost` out of a bucket of `size` that fills with time; a new one is full.
        mutating func take(_ cost: Int64, size: Int64, at now: Instant) -> Bool {
            let filled = min(size, (level ?? size) + (now - counted).nanoseconds)
            (level, counted) = (filled < cost ? filled : filled - cost, now)
            return filled >= cost
        }
    }

    private var messages = Bucket()
    private var registers = Bucket()
    private var pings = Bucket()
    /// The seconds in which something was refused, each once.
    private var badSeconds: [Int64] = []

    /// Takes the tokens of a message.
    ///
    /// - Parameter rate: What the operator set for all messages.
    mutating func take(_ message: AwarenessClientMessage, _ rate: TokenRate, at now: Instant) -> Outcome {
        switch message {
        case .ping where pings.take(100_000_000, size: 1_000_000_000, at: now): return .admitted
        case .register where !registers.take(500_000_000, size: 10_000_000_000, at: now): return refused(at: now)
        default: break
        }
        let isAdmitted = messages.take(rate.intervalNanoseconds, size: rate.windowNanoseconds, at: now)
        return isAdmitted ? .admitted : refused(at: now)
    }

    private mutating func refused(at now: Instant) -> Outcome {
        let second = now.nanoseconds / 1_000_000_000
        if badSeconds.last != second { badSeconds.append(second) }
        let recent = badSeconds.suffix(3)
        return recent.count == 3 && second - recent[recent.startIndex] < 10 ? .exhausted : .refused
    }
}
