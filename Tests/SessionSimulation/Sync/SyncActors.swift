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
enum SyncSessions {
    /// Two of each user; the keys of the second are also replaced as a whole, those of the first also counted and merged.
    static func id(user: Int, isReplaceable: Bool) -> String {
        "00000000-0000-4000-8000-0000000000\(isReplaceable ? "b" : "a")\(user)"
    }

    /// Whether whole states are stored in a session.
    static func isReplaceable(_ session: String) -> Bool { session.utf8.dropLast().last == UInt8(ascii: "b") }

    /// Whose a session is.
    static func user(of session: String) -> String { "u\(session.last ?? "0")" }
}
