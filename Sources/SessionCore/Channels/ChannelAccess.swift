import SessionCodec

/// Who wants to hear or to tell a channel something, as far as rules ask.
struct ChannelCaller: Sendable {
    /// `nil` for an anonymous peer.
    let user: String?
    let roles: [String]

    /// Nobody.
    static let anonymous = ChannelCaller(user: nil, roles: [])

    init(user: String?, roles: [String]) {
        self.user = user
        self.roles = roles
    }

    /// Who a credential speaks of; open mode's assumed administrator is nobody here (PROTOCOLS §1.10).
    init(_ identity: Identity?) {
        if let identity, !identity.isAssumed {
            self.init(user: identity.user, roles: identity.roles)
        } else {
            self = .anonymous
        }
    }

    var isAdmin: Bool { roles.contains("admin") }

    /// Whether one of the names that a rule lists is this caller's.
    func isAmong(_ names: [String]) -> Bool {
        names.contains { name in
            switch name {
            case "anyone": true
            case "authenticated": user != nil
            default: roles.contains(name)
            }
        }
    }
}

/// The rules about channels (PROTOCOLS 2-6 … 2-13, §1.10 *Anonymous peers*).
///
/// In this order: channels of administrators and of users are theirs, unless a rule names them; in open mode everything
/// else is open; then the first rule that fits and says who subscribes; then the domains that the seed opens to everybody;
/// everything else needs an identity.
struct ChannelAccess {
    let rules: [ChannelRule]
    let isOpen: Bool

    /// The domains that anonymous peers may hear where no rule says otherwise (PROTOCOLS 2-9).
    private static let openDomains = ["system", "public", "test", "reports"]

    /// Who hears `reports:control:`, which says who cancels what and why, where no rule says otherwise.
    private static let producers = ["publisher"]

    /// The first rule about a channel.
    func rule(for channel: String) -> ChannelRule? { rules.first { $0.fits(channel) } }

    /// The channel that a caller means: `user:alerts` is its own (PROTOCOLS 2-11).
    static func resolved(_ channel: String, for caller: ChannelCaller) -> String {
        guard channel == ChannelName.ownAlerts, let user = caller.user else { return channel }
        return ChannelName.alerts(of: user)
    }

    /// Why a caller may not hear a channel; `nil` where it may.
    ///
    /// - Parameters:
    ///   - channel: As ``resolved(_:for:)`` gave it.
    ///   - spelling: As the caller wrote it, for the refusal.
    func refusal(toHear channel: String, as spelling: String, by caller: ChannelCaller) -> ChannelsError? {
        if let domain = Self.privateDomain(of: channel) {
            if let names = rules.first(where: { $0.pattern.hasPrefix(domain) && $0.fits(channel) })?.subscribers {
                return refusal(unlessAmong: names, spelling, caller)
            }
            return privateRefusal(channel, spelling, caller)
        }
        if isOpen { return nil }
        if let names = rules.first(where: { $0.subscribers != nil && $0.fits(channel) })?.subscribers {
            return refusal(unlessAmong: names, spelling, caller)
        }
        if channel.utf8.starts(with: ChannelName.control(of: "").utf8) {
            return refusal(unlessAmong: Self.producers, spelling, caller)
        }
        let domain = channel.utf8.prefix { $0 != UInt8(ascii: ":") }
        if Self.openDomains.contains(where: { domain.elementsEqual($0.utf8) }) || caller.user != nil { return nil }
        return ChannelsError(.unauthorized, channel: spelling)
    }

    /// The domain, with its colon, of a channel of administrators or of a user: only rules that name it open it.
    private static func privateDomain(of channel: String) -> String? {
        ["admin:", "user:"].first { channel.utf8.starts(with: $0.utf8) }
    }

    private func privateRefusal(_ channel: String, _ spelling: String, _ caller: ChannelCaller) -> ChannelsError? {
        if caller.isAdmin { return nil }
        if channel.hasPrefix("admin:") {
            return .adminChannelNeedsRole(spelling, isAnonymous: caller.user == nil)
        }
        guard let user = caller.user else { return .userChannelNeedsIdentity(spelling) }
        let segments = channel.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 2)
        let isOwn = segments.dropFirst().first?.elementsEqual(ChannelName.segment(of: user).utf8) ?? false
        return isOwn ? nil : .otherUsersChannel(spelling)
    }

    private func refusal(unlessAmong names: [String], _ spelling: String, _ caller: ChannelCaller) -> ChannelsError? {
        if caller.isAdmin || caller.isAmong(names) { return nil }
        return ChannelsError(caller.user == nil ? .unauthorized : .forbidden, channel: spelling)
    }

    /// Whether some role may publish over a socket at all; otherwise the message does not exist (PROTOCOLS 2-13).
    var knowsPublishing: Bool { rules.contains { !$0.publishers.isEmpty } }

    /// Why a caller may not tell a channel something over a socket; `nil` where it may.
    func refusal(toPublishTo channel: String, as spelling: String, by caller: ChannelCaller) -> ChannelsError? {
        let domain = Self.privateDomain(of: channel) ?? ""
        if let rule = rules.first(where: { $0.pattern.hasPrefix(domain) && $0.fits(channel) }),
            caller.isAmong(rule.publishers)
        {
            return nil
        }
        return ChannelsError(
            caller.user == nil ? .unauthorized : .forbidden, message: "Publishing to this channel is not allowed",
            channel: spelling)
    }
}
