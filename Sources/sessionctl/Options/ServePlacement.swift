package import CommandKit

/// One listener that `serve` has to open.
package struct ServeListener: Equatable, Sendable {
    /// The profiles it serves, in the order of their declaration or of `--listen`.
    package var profiles: [ServeProfile]
    /// Where; a host and a port, or a Unix socket, never a bare port.
    package var address: ListenAddress
    /// Whether the operator named the host; where not, open profiles refuse peers that are not on loopback (§1.5).
    package var hostIsNamed: Bool
    /// Whether this is the one listener of `--single`, where only prefixed paths are unambiguous (§1.2).
    package var isSingle: Bool
    /// What decided the address, for messages.
    package var origin: Origin
}

/// Which profiles run and where they listen (PROTOCOLS §1.10, "Listening").
package enum ServePlacement {
    /// The listeners that settings ask for.
    ///
    /// - Throws: ``CommandError`` where options contradict each other.
    package static func listeners(_ settings: Settings) throws(CommandError) -> [ServeListener] {
        let running = runningProfiles(settings)
        let listeners =
            switch try method(settings) {
            case .single(let address): [single(address, running, settings)]
            case .listen: try placed(running, settings)
            case .native: sharing(running.map { native($0, settings) })
            }
        for listener in listeners where !listener.isSingle { try requireOneOwner(listener, settings) }
        if settings[ServeOptions.dev] { try requireLoopback(listeners) }
        return listeners
    }

    /// The profiles that run: those of `--profile`, or else those that `--listen` names, or else the default.
    package static func runningProfiles(_ settings: Settings) -> [ServeProfile] {
        let placements = settings[ServeOptions.listen]
        guard !settings.isSet(ServeOptions.profile), !placements.isEmpty else { return settings[ServeOptions.profile] }
        let named = placements.flatMap(\.profiles)
        return ServeProfile.allCases.filter { named.contains($0.rawValue) }
    }

    /// Whether a variable that several profiles claim, `PORT` or `HOST`, applies.
    ///
    /// - Parameter settings: What everything else says.
    /// - Throws: Status 78 where more than one of the profiles that run claims it.
    package static func admits(_ variable: String, _ settings: Settings) throws(CommandError) -> Bool {
        let claiming = runningProfiles(settings).filter(\.claimsPortAndHost)
        let free = claiming.filter { !isPlaced($0, settings) }
        guard !free.isEmpty else { return false }
        guard claiming.count == 1 else {
            let names = claiming.map(\.rawValue).joinedAsChoice()
            throw .configuration(
                "environment variable \(variable) could mean \(names); place them with --listen PROFILE=HOST:PORT")
        }
        return true
    }

    private enum Method { case single(ListenAddress), listen, native }

    /// Which of `--single` and `--listen` counts: the one from the stronger source.
    private static func method(_ settings: Settings) throws(CommandError) -> Method {
        guard let single = settings[ServeOptions.single] else {
            return settings[ServeOptions.listen].isEmpty ? .native : .listen
        }
        guard !settings[ServeOptions.listen].isEmpty else { return .single(single) }
        let strengths = [
            strength(settings.origin(of: ServeOptions.single)), strength(settings.origin(of: ServeOptions.listen)),
        ]
        guard strengths[0] != strengths[1] else {
            throw settings.error(ServeOptions.single, "listen places profiles too; leave one of the two out")
        }
        return strengths[0] > strengths[1] ? .single(single) : .listen
    }

    private static func strength(_ origin: Origin) -> Int {
        switch origin {
        case .option, .command: 3
        case .environment: 2
        case .file: 1
        case .standard: 0
        }
    }

    private static func isPlaced(_ profile: ServeProfile, _ settings: Settings) -> Bool {
        settings[ServeOptions.single] != nil
            || settings[ServeOptions.listen].contains { $0.profiles.contains(profile.rawValue) }
    }

    private static func single(
        _ address: ListenAddress, _ profiles: [ServeProfile], _ settings: Settings
    ) -> ServeListener {
        let origin = settings.origin(of: ServeOptions.single)
        guard case .internet(nil, let port) = address else {
            return ServeListener(
                profiles: profiles, address: address, hostIsNamed: true, isSingle: true, origin: origin)
        }
        let host = host(for: profiles, "0.0.0.0", settings)
        return ServeListener(
            profiles: profiles, address: .internet(host: host.name, port: port), hostIsNamed: host.isNamed,
            isSingle: true, origin: origin)
    }

    private static func placed(
        _ running: [ServeProfile], _ settings: Settings
    ) throws(CommandError) -> [ServeListener] {
        var listeners: [ServeListener] = []
        for placement in settings[ServeOptions.listen] {
            let profiles = placement.profiles.compactMap(ServeProfile.init(rawValue:)).filter(running.contains)
            guard !profiles.isEmpty else { continue }
            if let index = listeners.firstIndex(where: { isSame($0.address, placement.address) }) {
                listeners[index].profiles += profiles.filter { !listeners[index].profiles.contains($0) }
                continue
            }
            listeners.append(
                ServeListener(
                    profiles: profiles, address: placement.address, hostIsNamed: true, isSingle: false,
                    origin: settings.origin(of: ServeOptions.listen)))
        }
        for profile in running where isPlaced(profile, settings) {
            guard case .option = settings.origin(of: profile.portOption),
                case .option = settings.origin(of: ServeOptions.listen)
            else { continue }
            throw settings.error(
                profile.portOption, "--listen places \(profile.rawValue) too; leave one of the two out")
        }
        return sharing(listeners + running.filter { !isPlaced($0, settings) }.map { native($0, settings) })
    }

    /// Lets channels and lockers, which have one native address (PROTOCOLS §1.2), share a listener where they have one.
    private static func sharing(_ listeners: [ServeListener]) -> [ServeListener] {
        guard let first = listeners.firstIndex(where: { $0.profiles.contains(.channels) }),
            let second = listeners.firstIndex(where: { $0.profiles == [.lockers] }),
            isSame(listeners[first].address, listeners[second].address)
        else { return listeners }
        var shared = listeners
        shared[first].profiles.append(.lockers)
        // Where one of them was not meant for strangers, neither is.
        shared[first].hostIsNamed = listeners[first].hostIsNamed && listeners[second].hostIsNamed
        shared.remove(at: second)
        return shared
    }

    /// Refuses two profiles that claim one path on one listener (PROTOCOLS §1.2).
    private static func requireOneOwner(_ listener: ServeListener, _ settings: Settings) throws(CommandError) {
        if listener.profiles.contains(.awareness), listener.profiles.contains(.board) {
            throw CommandError(
                .configuration,
                "listen: awareness and board both claim / at \(listener.address); give each a listener of its own, or "
                    + "use --single, where board is / for who brings a token")
        }
        let claimants = listener.profiles.filter { $0 == .sync || $0 == .channels }
        guard claimants.count > 1, settings[ServeOptions.webSocketOwner] == nil else { return }
        throw CommandError(
            .configuration,
            "listen: sync and channels both claim /ws at \(listener.address); "
                + "give each a listener of its own, or say whose it is with --ws-owner sync or --ws-owner channels")
    }

    private static func native(_ profile: ServeProfile, _ settings: Settings) -> ServeListener {
        if profile == .sync, let listener = addressed(settings) { return listener }
        let host = host(for: [profile], profile.nativeAddress.host, settings)
        let port = UInt16(clamping: settings[profile.portOption])
        return ServeListener(
            profiles: [profile], address: .internet(host: host.name, port: port), hostIsNamed: host.isNamed,
            isSingle: false, origin: settings.origin(of: profile.portOption))
    }

    /// Sync's listener as `--sync-address` or `SERVER_ADDR` places it, where `--sync-port` is not said more strongly.
    private static func addressed(_ settings: Settings) -> ServeListener? {
        let origin = settings.origin(of: ServeOptions.syncAddress)
        guard let address = settings[ServeOptions.syncAddress],
            strength(settings.origin(of: ServeOptions.syncPort)) < strength(origin)
        else { return nil }
        guard case .internet(nil, let port) = address else {
            return ServeListener(
                profiles: [.sync], address: address, hostIsNamed: true, isSingle: false, origin: origin)
        }
        let host = host(for: [.sync], ServeProfile.sync.nativeAddress.host, settings)
        return ServeListener(
            profiles: [.sync], address: .internet(host: host.name, port: port), hostIsNamed: host.isNamed,
            isSingle: false, origin: origin)
    }

    /// The host of a listener that names none itself. The variable `HOST` speaks only for profiles that claim it.
    private static func host(
        for profiles: [ServeProfile], _ standard: String, _ settings: Settings
    ) -> (name: String, isNamed: Bool) {
        let applies =
            settings.origin(of: ServeOptions.host) != .environment("HOST")
            || profiles.contains(where: \.claimsPortAndHost)
        if applies, let name = settings[ServeOptions.host] { return (withoutBrackets(name), true) }
        return (settings[ServeOptions.dev] ? "127.0.0.1" : standard, false)
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func isSame(_ left: ListenAddress, _ right: ListenAddress) -> Bool {
        if case .internet(_, port: 0) = left { return false }
        return left == right
    }

    private static func requireLoopback(_ listeners: [ServeListener]) throws(CommandError) {
        for listener in listeners {
            guard case .internet(let host?, _) = listener.address, !isLoopback(host) else { continue }
            let remedy = "--dev listens on loopback only; name 127.0.0.1 or leave --dev out"
            throw CommandError(.configuration, "\(host) is no loopback address: \(remedy)")
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
