import SessionBase
import SessionCodec
import SessionCore

/// How channels, lockers and board tell that a peer is kept out, each in its own words (PROTOCOLS §1.4, 2-3, 3-4, 4-1).
extension Refusal {
    /// The HTTP answer of a service; `nil` stands for the admin API.
    func response(for profile: ProtocolID?) -> HTTPResponse {
        switch profile {
        case .channels: channelsFailure?.response ?? response
        case .lockers: lockersFailure?.response ?? response
        case .board: boardResponse
        case .awareness, .sync, .echo, nil: response
        }
    }

    /// The same for requests of channels' HTTP API; `nil` where no word of theirs says it.
    private var channelsFailure: ChannelsFailure? {
        switch self {
        case .unauthorized(.unavailable, _): nil
        case .unauthenticated: ChannelsFailure(.unauthorized)
        case .unauthorized: ChannelsFailure(.unauthorized, message: message)
        case .forbidden: ChannelsFailure(.forbidden, message: message)
        default: nil
        }
    }

    /// Board names no codes of its own: every bad credential is `UNAUTHORIZED` (PROTOCOLS §1.4).
    private var boardResponse: HTTPResponse {
        switch self {
        case .unauthorized(.unavailable, _): response
        case .unauthenticated: .unauthorized("UNAUTHORIZED", Self.boardTokenNeeded)
        case .unauthorized: .unauthorized("UNAUTHORIZED", message)
        default: response
        }
    }

    private var lockersFailure: LockersFailure? {
        switch self {
        case .unauthorized(.unavailable, _): nil
        case .unauthenticated: LockersFailure(.authRequired)
        case .unauthorized: LockersFailure(.invalidSession, message: message)
        case .forbidden: LockersFailure(.forbidden, message: message)
        default: nil
        }
    }

    /// The frame before the Close frame of a socket of channels.
    func channelsError(at time: Timestamp) -> [UInt8]? {
        let code: ChannelsErrorCode
        switch self {
        case .unauthorized(.unavailable, _): code = .internal
        case .unauthenticated, .unauthorized: code = .unauthorized
        case .forbidden: code = .forbidden
        case .healthRate: code = .rateLimited
        case .unsupportedVersion: code = .invalidMessage
        default: return nil
        }
        let message: String? = if case .unauthenticated = self { nil } else { self.message }
        var frame: [UInt8] = []
        ChannelsServerMessage.error(ChannelsError(code, message: message)).encode(at: time, tag: nil, to: &frame)
        return frame
    }

    private static let boardTokenNeeded = "a token is needed: ?token= or Authorization: Bearer"

    /// The frame before the Close frame of a socket of board that knows errors.
    var boardError: [UInt8]? {
        let code: BoardErrorCode
        switch self {
        case .unauthorized(.unavailable, _): code = .storeUnavailable
        case .unauthenticated, .unauthorized: code = .unauthorized
        case .forbidden: code = .forbidden
        case .unsupportedVersion, .badParameter: code = .invalidMessage
        default: return nil
        }
        let message = if case .unauthenticated = self { Self.boardTokenNeeded } else { self.message }
        var frame: [UInt8] = []
        BoardServerMessage.error(code, message: message).encode(tag: nil, to: &frame)
        return frame
    }

    /// The frame before the Close frame of a socket of lockers.
    func lockersError(at time: Timestamp) -> [UInt8]? {
        let code: LockersErrorCode
        switch self {
        case .unauthorized(.unavailable, _): code = .internal
        case .unauthenticated: code = .authRequired
        case .unauthorized: code = .invalidSession
        case .forbidden: code = .forbidden
        case .unsupportedVersion: code = .invalidMessage
        default: return nil
        }
        var frame: [UInt8] = []
        let message: String? = if case .unauthenticated = self { nil } else { self.message }
        LockersServerMessage.error(code, message: message ?? "\(code.message)").encode(at: time, tag: nil, to: &frame)
        return frame
    }
}
