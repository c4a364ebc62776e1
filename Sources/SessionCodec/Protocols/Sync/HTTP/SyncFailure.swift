package import SessionBase

/// The errors of sync's HTTP API (PROTOCOLS §3.3, §3.5); the raw value is the `error` of the body.
package enum SyncFailureCode: String, CaseIterable, Hashable, Sendable {
    // 400: the request itself is wrong.
    case invalidJSON = "INVALID_JSON"
    case invalidSessionID = "INVALID_SESSION_ID"
    case invalidUserID = "INVALID_USER_ID"
    case invalidDeviceID = "INVALID_DEVICE_ID"
    case invalidAppVersion = "INVALID_APP_VERSION"
    case invalidVersion = "INVALID_VERSION"
    case invalidState = "INVALID_STATE"
    case invalidChanges = "INVALID_CHANGES"
    case invalidStrategy = "INVALID_STRATEGY"
    case invalidOption = "INVALID_OPTION"
    case invalidMessage = "INVALID_MESSAGE"
    case sameDevice = "SAME_DEVICE"
    // 401, 403: who asks.
    case unauthorized = "UNAUTHORIZED"
    case forbidden = "FORBIDDEN"
    case identityMismatch = "IDENTITY_MISMATCH"
    case handoffWrongDevice = "HANDOFF_WRONG_DEVICE"
    // 404, 405, 410: what is asked for.
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case sessionNotFound = "SESSION_NOT_FOUND"
    case deviceNotFound = "DEVICE_NOT_FOUND"
    case handoffNotFound = "HANDOFF_NOT_FOUND"
    case handoffExpired = "HANDOFF_EXPIRED"
    case handoffConsumed = "HANDOFF_CONSUMED"
    // 409, 412: what stands there.
    case versionConflict = "VERSION_CONFLICT"
    case versionAhead = "VERSION_AHEAD"
    case sessionLimit = "SESSION_LIMIT"
    case deviceLimit = "DEVICE_LIMIT"
    case handoffPending = "HANDOFF_PENDING"
    // 413, 429, 5xx: what there is room for.
    case snapshotTooLarge = "SNAPSHOT_TOO_LARGE"
    case rateLimited = "RATE_LIMITED"
    case `internal` = "INTERNAL"
    case storeUnavailable = "STORE_UNAVAILABLE"

    /// The status that goes with the code; `VERSION_CONFLICT` is 412 where `If-Match` is the reason.
    package var status: HTTPStatus {
        switch self {
        case .invalidJSON, .invalidSessionID, .invalidUserID, .invalidDeviceID, .invalidAppVersion, .invalidVersion,
            .invalidState, .invalidChanges, .invalidStrategy, .invalidOption, .invalidMessage, .sameDevice:
            .badRequest
        case .unauthorized: .unauthorized
        case .forbidden, .identityMismatch, .handoffWrongDevice: .forbidden
        case .notFound, .sessionNotFound, .deviceNotFound, .handoffNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .handoffExpired, .handoffConsumed: .gone
        case .versionConflict, .versionAhead, .sessionLimit, .deviceLimit, .handoffPending: .conflict
        case .snapshotTooLarge: .contentTooLarge
        case .rateLimited: .tooManyRequests
        case .internal: .internalServerError
        case .storeUnavailable: .serviceUnavailable
        }
    }

    /// The sentence that goes with the code where nothing better is known.
    package var message: String {
        switch self {
        case .invalidJSON: "the body is no JSON object"
        case .invalidSessionID: "a session id is a UUID, such as 550e8400-e29b-41d4-a716-446655440000"
        case .invalidUserID: "user_id is a text of 1 to 128 characters without spaces"
        case .invalidDeviceID: "a device id is a text of 1 to 128 characters without spaces"
        case .invalidAppVersion: "app_version is a text of at most 64 characters"
        case .invalidVersion: "a version is a whole number from 0 on"
        case .invalidState: "a state is an object of at most 1000 keys of 1 to 256 characters"
        case .invalidChanges: "changes is an object, deleted_keys a list of texts, and no key is in both"
        case .invalidStrategy: "resolution_strategy is server_wins, client_wins or merge"
        case .invalidOption: "an option has a value that it cannot have"
        case .invalidMessage: "message is a text of 1 to 4096 bytes"
        case .sameDevice: "source_device and target_device are the same"
        case .unauthorized: "a valid token is needed"
        case .forbidden: "not allowed"
        case .identityMismatch: "the request names another user or device than the credential"
        case .handoffWrongDevice: "the handoff is meant for another device"
        case .notFound: "there is nothing at this path"
        case .methodNotAllowed: "the path does not take this method"
        case .sessionNotFound: "there is no such session"
        case .deviceNotFound: "the session has no such device"
        case .handoffNotFound: "there is no such handoff"
        case .handoffExpired: "the handoff has expired; start another one"
        case .handoffConsumed: "the handoff was used or replaced; start another one"
        case .versionConflict: "the state has changed since that version"
        case .versionAhead: "base_version is greater than the state's version"
        case .sessionLimit: "the user has as many sessions as allowed; delete one first"
        case .deviceLimit: "the session has as many devices as allowed; disconnect one first"
        case .handoffPending: "a handoff between these devices is pending already"
        case .snapshotTooLarge: "a state is at most 1 MiB of JSON"
        case .rateLimited: "too many requests; wait before the next one"
        case .internal: "internal error"
        case .storeUnavailable: "the store takes nothing now; try again"
        }
    }
}

/// An error of sync's HTTP API on its way to the peer.
package struct SyncFailure: Error, Equatable, Sendable {
    /// What programs read.
    package var code: SyncFailureCode
    /// The three digits.
    package var status: HTTPStatus
    /// The sentence that people read.
    package var message: String
    /// The particulars, an object.
    package var details: JSONFragment?
    /// Methods for `Allow`, which a 405 needs.
    package var allowedMethods: String?

    /// Describes an error.
    package init(
        _ code: SyncFailureCode, status: HTTPStatus? = nil, message: String? = nil, details: JSONFragment? = nil
    ) {
        self.code = code
        self.status = status ?? code.status
        self.message = message ?? code.message
        self.details = details
    }

    /// A field that is missing or holds what it may not hold.
    package static func field(
        _ name: String, _ code: SyncFailureCode, _ message: String? = nil
    ) -> SyncFailure {
        SyncFailure(code, message: message, details: JSONFragment { $0.field("field", name) })
    }

    /// A path that takes other methods.
    package static func methodNotAllowed(_ allowed: String) -> SyncFailure {
        var failure = SyncFailure(.methodNotAllowed, message: "this path takes \(allowed)")
        failure.allowedMethods = allowed
        return failure
    }

    /// A `version` or `base_version` that is stale (PROTOCOLS 1-14, 1-15).
    ///
    /// - Parameters:
    ///   - conflictingKeys: The touched keys that changed since `baseVersion`; `nil` for a whole snapshot.
    ///   - state: The state that stands there, an object.
    package static func versionConflict(
        serverVersion: UInt64, baseVersion: UInt64, conflictingKeys: [String]?, state: JSONFragment?
    ) -> SyncFailure {
        let details = JSONFragment { json in
            json.field("server_version", serverVersion)
            json.field("base_version", baseVersion)
            if let conflictingKeys { json.field("conflicting_keys", conflictingKeys) }
            if let state { json.field("server_state", state) }
        }
        return SyncFailure(.versionConflict, details: details)
    }

    /// An `If-Match` that does not hold (PROTOCOLS §3.5).
    package static func preconditionFailed(serverVersion: UInt64) -> SyncFailure {
        SyncFailure(
            .versionConflict, status: .preconditionFailed, message: "the state's version is not the one of If-Match",
            details: JSONFragment { $0.field("server_version", serverVersion) })
    }

    /// A `base_version` beyond the state's (PROTOCOLS 1-15).
    package static func versionAhead(serverVersion: UInt64, baseVersion: UInt64) -> SyncFailure {
        let details = JSONFragment { json in
            json.field("server_version", serverVersion)
            json.field("base_version", baseVersion)
        }
        return SyncFailure(.versionAhead, details: details)
    }

    /// A handoff between the same devices that waits already (PROTOCOLS §3.5).
    ///
    /// - Parameter token: The pending token, only where the source device itself asks.
    package static func handoffPending(expiresAt: Timestamp, token: String?) -> SyncFailure {
        let details = JSONFragment { json in
            json.field("expires_at", expiresAt)
            if let token { json.field("token", token) }
        }
        return SyncFailure(.handoffPending, details: details)
    }

    /// The answer to the request (PROTOCOLS §1.6); the server adds the request's id.
    package var response: HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("error", code.rawValue)
            json.field("message", message)
            if let details { json.field("details", details) }
        }
        var response = HTTPResponse.json(status, json.takeBytes())
        if let allowedMethods { response.fields.append("Allow", allowedMethods) }
        if status == .unauthorized { response.fields.append("WWW-Authenticate", "Bearer") }
        if status == .serviceUnavailable || status == .tooManyRequests { response.fields.append("Retry-After", "1") }
        if isAboutHandoff { response.fields.append("Cache-Control", "no-store") }
        return response
    }

    private var isAboutHandoff: Bool {
        switch code {
        case .handoffConsumed, .handoffExpired, .handoffNotFound, .handoffPending, .handoffWrongDevice: true
        default: false
        }
    }
}

extension JSONWriter {
    /// Writes a key and a list of strings.
    package mutating func field(_ key: String, _ texts: [String]) {
        field(key) { json in json.array { json in for text in texts { json.value(text) } } }
    }
}
