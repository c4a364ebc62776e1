import SessionBase
package import SessionCodec

/// The AUTH that opens every connection to sync, and the way back to the same place after a loss (PROTOCOLS §3.4).
///
/// *out* → *asked* → *in*; a lost connection leads back to *out*, from where the same session and the last push that was
/// seen are asked for, so that nothing is missed, or that it is known that something was.
package struct SyncLogin: Sendable {
    /// Who the client says it is.
    package struct Identity: Equatable, Sendable {
        /// The credential; `nil` where the server is open. Never shown.
        package var token: String?
        /// The user, for an open server, or to make sure that the token is theirs.
        package var user: String?
        /// The session, a UUID; `nil` leaves the choice to the server (PROTOCOLS 1-5).
        package var session: String?
        /// The device.
        package var device: String
        /// The version of this program.
        package var appVersion: String?

        /// Names a device of nobody.
        package init(device: String) { self.device = device }
    }

    /// What a connection brought that is about the session, not about one message.
    package enum Action: Equatable, Sendable {
        /// The server agreed; `gap` tells what could not be recovered since the last connection.
        case enter(SyncWelcome, gap: SyncGap?)
        /// The server refused.
        case reject(SyncRejection)
    }

    private enum State: Equatable { case out, asked, `in` }

    /// Who the client says it is; a new token may take the place of one that has run out.
    package var identity: Identity
    private var state = State.out
    /// The last push that was seen; `nil` before the first connection.
    private var place: SyncAuthentication.Resume?
    /// The last version of the state that was heard of.
    private var version: UInt64 = 0

    /// Prepares the first connection.
    package init(_ identity: Identity) { self.identity = identity }

    /// Whether the server has agreed on this connection.
    package var isIn: Bool { state == .in }

    /// Records that the handshake is done, and returns what to send.
    package mutating func opened() -> SyncClientFrame {
        state = .asked
        let authentication = SyncAuthentication(
            token: identity.token, deviceID: identity.device, deviceType: .other, deviceName: "sessionctl",
            appVersion: identity.appVersion, resume: place)
        return SyncClientFrame(
            .auth(authentication), envelope: SyncEnvelope(sessionID: identity.session, userID: identity.user))
    }

    /// Records that the connection is gone.
    package mutating func closed() { state = .out }

    /// Records a message of the server.
    package mutating func received(_ frame: SyncServerFrame) -> Action? {
        switch frame.message {
        case .authSuccess(let welcome) where state == .asked: return enter(welcome)
        case .authFailure(let code, let message): return .reject(SyncRejection(code, message: message))
        case .error(let code, let message, let details) where state == .asked:
            return .reject(SyncRejection(code, message: message, details: details))
        default:
            note(frame)
            return nil
        }
    }

    private mutating func enter(_ welcome: SyncWelcome) -> Action {
        state = .in
        let gap = gap(before: welcome)
        identity.session = welcome.sessionID
        // What is replayed comes behind the welcome: until then the old place stands.
        if welcome.replayed == nil {
            place = SyncAuthentication.Resume(epoch: welcome.epoch, sequence: welcome.sequence)
            version = welcome.version
        }
        return .enter(welcome, gap: gap)
    }

    private func gap(before welcome: SyncWelcome) -> SyncGap? {
        guard let place, welcome.replayed == nil else { return nil }
        // Nothing was pushed in between, so that there was nothing to replay.
        if place.epoch == welcome.epoch, place.sequence == welcome.sequence { return nil }
        return SyncGap(versionBefore: version, version: welcome.version)
    }

    private mutating func note(_ frame: SyncServerFrame) {
        if let sequence = frame.envelope.sequence { place?.sequence = sequence }
        if case .stateUpdate(let change) = frame.message { version = max(version, change.version) }
    }
}

/// What a client knows of the pushes that it missed while it was away, and that the server could not replay.
package struct SyncGap: Equatable, Sendable {
    /// The version of the state that the client had heard of.
    package var versionBefore: UInt64
    /// The version now.
    package var version: UInt64

    /// Describes a gap.
    package init(versionBefore: UInt64, version: UInt64) {
        self.versionBefore = versionBefore
        self.version = version
    }
}
