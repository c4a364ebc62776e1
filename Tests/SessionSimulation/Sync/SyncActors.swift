import SessionBase
import SessionCodec
import SessionCore

/// One WebSocket of a device, both ends of it.
struct SyncSocket {
    /// What an answer with a correlation id settles.
    enum Question {
        case write(Int)
        case read(session: String?, floor: UInt64?)
        case other
    }

    let id: ConnectionID
    let node: Int
    /// Whether it speaks Protobuf.
    let isBinary: Bool
    /// Which device opened it.
    let device: Int
    /// Where the device wants to go on.
    var resume: SyncAuthentication.Resume?

    // The server's end.
    var isAtServer = true
    var isOpened = false
    var isClosing = false
    var isPaused = false
    /// The loop of the node that has it.
    var shard: Int
    /// Whether it is between two loops.
    var isMoving = false
    /// What came while it was paused or moving.
    var input: [[UInt8]] = []

    // The wire.
    /// Everything vanishes, and neither end notices.
    var isDead = false
    var lastAtServer = Instant.zero
    var lastAtClient = Instant.zero

    // The client's end.
    var isAtClient = true
    var welcome: SyncWelcome?
    /// The last push it heard.
    var sequence: UInt64 = 0
    /// What it waits for, by correlation id.
    var questions: [String: Question] = [:]
    var questionCount = 0
}

/// One request over HTTP.
struct SyncHTTPCall {
    var call: SyncCall
    var user: String
    var node: Int
    var sentAt: Instant
    /// The highest version that was acknowledged when it was sent.
    var floor: UInt64
    /// What it writes, in the ledger.
    var write: Int?
    var isAtServer = false
    var isAnsweredByServer = false
    /// Its server crashed first.
    var isLost = false
    var response: HTTPResponse?
}

/// A device of a user.
struct SyncDeviceActor {
    let user: String
    let name: String
    /// Its socket, where it has one.
    var socket: Int?
    /// What it heard last, to go on from.
    var memory: (session: String, resume: SyncAuthentication.Resume)?

    static func population(users: Int, devicesEach: Int) -> [SyncDeviceActor] {
        (0..<users).flatMap { user in
            (0..<devicesEach).map { SyncDeviceActor(user: "u\(user)", name: "u\(user)-d\($0)") }
        }
    }

    /// What the verifier makes of a token, which is a user's name here.
    static func verdict(on token: String) -> AccessVerdict {
        token == "forged" ? .refused(.invalid, "no signature") : .granted(Identity(user: token))
    }
}

/// The sessions that are used, and what may be done to which.
enum SyncSessions: Character, CaseIterable {
    /// Its keys are set, counted and merged one by one.
    case counted = "a"
    /// Its state is also replaced as a whole.
    case replaced = "b"
    /// It is also deleted, and begins again: no version of it is promised to last.
    case mortal = "c"

    /// The session of a user of this kind.
    func id(user: Int) -> String { "00000000-0000-4000-8000-0000000000\(rawValue)\(user)" }

    /// What kind of session one is; those that the service made itself are counted.
    init(_ session: String) {
        let letter = session.dropLast().last ?? "a"
        self = session.hasPrefix("00000000") ? Self(rawValue: letter) ?? .counted : .counted
    }

    /// Whose a session is.
    static func user(of session: String) -> String { "u\(session.last ?? "0")" }
}
