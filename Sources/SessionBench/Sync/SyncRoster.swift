import SessionBase

/// Who is who in one worker's share of a load on the sync service: which device belongs to which session, which HTTP
/// connection asks about which, and what all are called.
///
/// Devices are connections `0..<devices`; those of plain HTTP, here called writers, follow them. Session `s` of the worker
/// has the devices from `s × devicesPerSession` on; sessions behind the last device have none. All names are as long as each
/// other, so that they can be overwritten in prepared messages.
struct SyncRoster: Sendable {
    /// Stands in prepared messages where a session's or a device's number goes.
    static let numberDigits = "99999999"

    let devices: Int
    let writers: Int
    let devicesPerSession: Int
    /// Sessions that requests are about.
    let sessions: Int
    private let share: WorkerShare
    private let runLetters: String
    private let sessionPrefix: String

    /// Reads a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) {
        self.share = share
        devices = share.connections
        writers = share.requestConnections
        devicesPerSession = max(1, load.devicesPerSession)
        // A session that lacks devices is of no use to those who need several.
        let complete = devices / devicesPerSession
        let usual =
            load.kind == .handoff ? complete : max((devices + devicesPerSession - 1) / devicesPerSession, writers)
        let wanted = load.sessions.map { share.part(of: $0) } ?? usual
        sessions = load.kind == .handoff ? min(wanted, complete) : max(wanted, 1)
        var random = SeededRandom(seed: share.plan.seed)
        let word = random.next()
        runLetters = String(
            decoding: (0..<8).map { UInt8(ascii: "a") + UInt8(truncatingIfNeeded: word >> ($0 * 8) & 15) },
            as: UTF8.self)
        sessionPrefix = Self.sessionPrefix(random.next(), random.next())
    }

    /// The first part of a UUID of version 4, up to the eight digits of the number.
    private static func sessionPrefix(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef")
        let hex =
            (0..<16).map { digits[Int(high >> (4 * UInt64($0)) & 15)] }
            + (0..<16).map { digits[Int(low >> (4 * UInt64($0)) & 15)] }
        return "\(String(hex[0..<8]))-\(String(hex[8..<12]))-4\(String(hex[12..<15]))-8\(String(hex[15..<18]))-"
            + String(hex[18..<22])
    }

    // MARK: Names

    /// A session's id, its number being the last eight digits.
    func sessionID(_ digits: String) -> String { sessionPrefix + digits }
    /// The user of a session.
    func user(_ digits: String) -> String { "bench-\(runLetters)-\(digits)" }
    /// A device's id.
    func device(_ digits: String) -> String { "device-\(digits)" }

    /// The number of a session in the whole run.
    @inline(__always)
    func number(ofSession session: Int) -> UInt64 { UInt64(share.globalNumber(session)) }

    /// The number of a device in the whole run.
    @inline(__always)
    func number(ofDevice device: Int) -> UInt64 { UInt64(share.globalNumber(device)) }

    /// Eight decimal digits.
    static func digits(_ number: UInt64) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, 8 - text.utf8.count)) + text
    }

    // MARK: Places

    /// The session that a device belongs to.
    @inline(__always)
    func session(ofDevice device: Int) -> Int { device / devicesPerSession }

    /// The first device of a session.
    @inline(__always)
    func firstDevice(of session: Int) -> Int { session * devicesPerSession }

    /// The devices of a session that exist.
    func devices(of session: Int) -> Range<Int> {
        let first = min(firstDevice(of: session), devices)
        return first..<min(first + devicesPerSession, devices)
    }

    /// The session of a writer's n-th request: each writer goes round its own sessions, or shares one where there are fewer
    /// sessions than writers.
    func session(ofWriter writer: Int, turn: Int) -> Int {
        sessions > writers ? writer + turn % turns(ofWriter: writer) * writers : writer % sessions
    }

    /// How many sessions a writer goes round; 0 where there are none.
    func turns(ofWriter writer: Int) -> Int {
        sessions > writers ? (sessions - writer + writers - 1) / writers : min(sessions, 1)
    }
}
