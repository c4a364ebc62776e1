import Glibc
import SessionBase
import SessionIO
import Testing

/// How long a test waits for what must happen; long enough for a machine that is busy with other things.
let patience: Duration = .seconds(15)

/// Waits until `condition` holds, and records an issue where it never does.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
) rethrows {
    let end = SystemClock.now() + patience
    while SystemClock.now() < end {
        if try condition() { return }
        usleep(2000)
    }
    Issue.record(what, sourceLocation: sourceLocation)
}

/// Waits until a descriptor is ready for one of the events of `poll(2)`.
///
/// - Returns: Whether it became so in time.
func waitUntil(_ descriptor: Int32, _ events: Int32, until deadline: Instant) -> Bool {
    while true {
        let left = deadline - SystemClock.now()
        guard left > .zero else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        if poll(&entry, 1, Int32(clamping: left.milliseconds + 1)) > 0 { return true }
    }
}
