import SessionBase

/// Which numbers the versions of boards go on with where a server before this one may have used greater ones than are known.
///
/// Only changes of shapes are in the journal, so that a server which was killed may have a `PUT` under way whose version is
/// greater than any that its successor reads: it would replace what that one stores, or name another body by the same
/// `Idempotency-Key` (PROTOCOLS §5.4). A room counts at most one version in 16 ms, so that its versions stay behind the
/// milliseconds of the wall clock: going on from there leaves all earlier ones behind, after any number of crashes.
enum BoardVersions {
    /// The greatest version that can be gone on from: beyond it not every number of JSON is exact.
    static let maximum: UInt64 = 1 << 53
    /// How far at least is leapt where a version is ahead of the clock: further than a room gets in a year.
    private static let gap: UInt64 = 1 << 32

    /// The version with which a room goes on that has changes from before.
    static func afterRestart(_ version: UInt64, at time: Timestamp) -> UInt64 {
        let clock = UInt64(max(0, time.milliseconds))
        if version < clock { return clock }
        // No counter of ours: somebody else numbers the boards. The clock's part keeps two servers apart.
        let leap = gap + clock % gap
        return version <= maximum - leap ? version + leap : version
    }

    /// The version that a `PUT` must exceed after the backend said that it has this one.
    static func afterConflict(_ version: UInt64, at time: Timestamp) -> UInt64 {
        // One behind the clock is exceeded by the room's own version in any case, once it has changes from before.
        version < UInt64(max(0, time.milliseconds)) ? version : afterRestart(version, at: time)
    }
}
