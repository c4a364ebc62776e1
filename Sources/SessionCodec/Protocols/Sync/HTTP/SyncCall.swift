/// One request of sync's HTTP API, understood and checked as far as that needs no state (PROTOCOLS §3.3).
package enum SyncCall: Equatable, Sendable {
    /// `POST /session/snapshot`
    case putSnapshot(SyncSnapshotWrite)
    /// `GET /session/{uuid}`
    case getSnapshot(session: String, unless: VersionCondition?)
    /// `DELETE /session/{uuid}` (EXT)
    case deleteSession(session: String)
    /// `POST /session/incremental`
    case patch(SyncPatch)
    /// `POST /session/conflict/resolve`
    case resolve(SyncResolution)
    /// `GET /session/{uuid}/devices`
    case listDevices(session: String)
    /// `DELETE /session/{uuid}/device/{id}`
    case disconnectDevice(SyncDisconnection)
    /// `POST /session/{uuid}/handoff`
    case offerHandoff(SyncHandoffOffer)
    /// `GET /session/{uuid}/handoff/{token}`, and with `/accept` `POST` (EXT)
    case redeemHandoff(SyncHandoffRedemption)

    /// The session that the request is about: what the server finds its loop by.
    package var sessionID: String {
        switch self {
        case .putSnapshot(let write): write.session
        case .getSnapshot(let session, _), .deleteSession(let session), .listDevices(let session): session
        case .patch(let patch): patch.session
        case .resolve(let resolution): resolution.session
        case .disconnectDevice(let disconnection): disconnection.session
        case .offerHandoff(let offer): offer.session
        case .redeemHandoff(let redemption): redemption.session
        }
    }

    /// A short name without ids, for metrics.
    package var name: String {
        switch self {
        case .putSnapshot: "put_snapshot"
        case .getSnapshot: "get_snapshot"
        case .deleteSession: "delete_session"
        case .patch: "patch"
        case .resolve: "resolve"
        case .listDevices: "list_devices"
        case .disconnectDevice: "disconnect_device"
        case .offerHandoff: "offer_handoff"
        case .redeemHandoff: "redeem_handoff"
        }
    }
}

/// A whole state to be stored.
package struct SyncSnapshotWrite: Equatable, Sendable {
    /// The session, which need not exist yet.
    package var session: String
    /// Whose it is, as the body says.
    package var user: String
    /// The state, an object within ``SyncLimits``.
    package var state: JSONFragment
    /// The device that writes.
    package var device: String?
    /// The version of the application.
    package var appVersion: String?
    /// The version that the client wants to make (PROTOCOLS 1-14).
    package var version: UInt64?
    /// `If-Match`
    package var condition: VersionCondition?

    /// Describes a write.
    package init(
        session: String, user: String, state: JSONFragment, device: String? = nil, appVersion: String? = nil,
        version: UInt64? = nil, condition: VersionCondition? = nil
    ) {
        self.session = session
        self.user = user
        self.state = state
        self.device = device
        self.appVersion = appVersion
        self.version = version
        self.condition = condition
    }
}

/// Some keys to be changed.
package struct SyncPatch: Equatable, Sendable {
    /// The session.
    package var session: String
    /// Whose it is, as the body says.
    package var user: String
    /// The version that the client changed.
    package var baseVersion: UInt64
    /// An object: the keys with their new values.
    package var changes: JSONFragment
    /// The keys to be removed; none is in `changes`, none twice.
    package var deletedKeys: [String]
    /// The device that writes.
    package var device: String?
    /// Whether changes of other keys since `baseVersion` are no conflict (PROTOCOLS 1-15).
    package var mergesAutomatically: Bool

    /// Describes a change.
    package init(
        session: String, user: String, baseVersion: UInt64, changes: JSONFragment, deletedKeys: [String] = [],
        device: String? = nil, mergesAutomatically: Bool = false
    ) {
        self.session = session
        self.user = user
        self.baseVersion = baseVersion
        self.changes = changes
        self.deletedKeys = deletedKeys
        self.device = device
        self.mergesAutomatically = mergesAutomatically
    }
}

/// How two states become one (seed 001, *Conflict Resolution*); the raw value is the spelling.
package enum SyncStrategy: String, CaseIterable, Hashable, Sendable {
    /// The server's state stays.
    case serverWins = "server_wins"
    /// The client's state takes its place.
    case clientWins = "client_wins"
    /// Both together; where they differ, the client's value stands.
    case merge
}

/// A conflict to be resolved.
package struct SyncResolution: Equatable, Sendable {
    /// The session.
    package var session: String
    /// The version that the client has.
    package var clientVersion: UInt64
    /// The client's state, an object within ``SyncLimits``.
    package var clientState: JSONFragment
    /// How.
    package var strategy: SyncStrategy
    /// Whether objects within objects are merged too (PROTOCOLS 1-16).
    package var isDeep: Bool
    /// Whose it is, where the body says.
    package var user: String?
    /// The device that asks.
    package var device: String?

    /// Describes a resolution.
    package init(
        session: String, clientVersion: UInt64, clientState: JSONFragment, strategy: SyncStrategy,
        isDeep: Bool = false, user: String? = nil, device: String? = nil
    ) {
        self.session = session
        self.clientVersion = clientVersion
        self.clientState = clientState
        self.strategy = strategy
        self.isDeep = isDeep
        self.user = user
        self.device = device
    }
}

/// A device to be disconnected.
package struct SyncDisconnection: Equatable, Sendable {
    /// The session.
    package var session: String
    /// The device.
    package var device: String
    /// Whether the tokens of the device are revoked too (PROTOCOLS 1-23).
    package var revokesTokens: Bool

    /// Describes a disconnection.
    package init(session: String, device: String, revokesTokens: Bool = false) {
        self.session = session
        self.device = device
        self.revokesTokens = revokesTokens
    }
}

/// A session to be offered to another device.
package struct SyncHandoffOffer: Equatable, Sendable {
    /// The session.
    package var session: String
    /// The device that gives.
    package var source: String
    /// The device that takes; another one.
    package var target: String
    /// Whether a pending offer between the two is replaced.
    package var replaces: Bool
    /// Whether the source is disconnected once the target came (PROTOCOLS 1-22).
    package var disconnectsSource: Bool
    /// The device that asks, by `X-Device-ID` or `?device_id=`.
    package var caller: String?

    /// Describes an offer.
    package init(
        session: String, source: String, target: String, replaces: Bool = false, disconnectsSource: Bool = false,
        caller: String? = nil
    ) {
        self.session = session
        self.source = source
        self.target = target
        self.replaces = replaces
        self.disconnectsSource = disconnectsSource
        self.caller = caller
    }
}

/// An offer to be taken, or looked at.
package struct SyncHandoffRedemption: Equatable, Sendable {
    /// The session.
    package var session: String
    /// The token of the offer; never to be logged. Whatever stood in the path: that one which is none is just unknown.
    package var token: String
    /// The device that asks, by `X-Device-ID` or `?device_id=` (PROTOCOLS 1-19).
    package var caller: String?
    /// Whether the offer stays (PROTOCOLS 1-18).
    package var isPeek: Bool

    /// Describes a redemption.
    package init(session: String, token: String, caller: String? = nil, isPeek: Bool = false) {
        self.session = session
        self.token = token
        self.caller = caller
        self.isPeek = isPeek
    }
}

/// The versions that an `If-Match` or `If-None-Match` names (RFC 9110 §13.1); a session's entity tag is its version.
package enum VersionCondition: Equatable, Sendable {
    /// `*`: whatever exists.
    case any
    /// One of these; tags that are no versions are left out, as they match nothing.
    case versions([UInt64])

    /// Whether a session of this version, or none, is meant.
    package func matches(_ version: UInt64?) -> Bool {
        switch (self, version) {
        case (_, nil): false
        case (.any, _): true
        case (.versions(let versions), let version?): versions.contains(version)
        }
    }

    /// The entity tag of a version.
    package static func entityTag(_ version: UInt64) -> String { "\"\(version)\"" }

    /// Reads the value of a field.
    ///
    /// - Parameter isStrong: Whether weak tags match nothing, as for `If-Match`.
    /// - Returns: `nil` where the list is malformed.
    init?(_ text: String, isStrong: Bool) {
        if text == "*" {
            self = .any
            return
        }
        var versions: [UInt64] = []
        for element in text.utf8.split(separator: UInt8(ascii: ",")) {
            var tag = Substring(element).trimmingBlanks
            let isWeak = tag.hasPrefix("W/")
            if isWeak { tag = tag.dropFirst(2) }
            guard tag.utf8.count >= 2, tag.utf8.first == UInt8(ascii: "\""), tag.utf8.last == UInt8(ascii: "\"")
            else { return nil }
            let opaque = tag.dropFirst().dropLast()
            guard let version = UInt64(opaque), String(version) == opaque, !(isWeak && isStrong) else { continue }
            versions.append(version)
        }
        self = .versions(versions)
    }

    /// The value of a field that names the same.
    package var text: String {
        switch self {
        case .any: "*"
        case .versions(let versions): versions.map(Self.entityTag).joined(separator: ", ")
        }
    }
}

extension Substring {
    /// The text without blanks around it.
    fileprivate var trimmingBlanks: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
