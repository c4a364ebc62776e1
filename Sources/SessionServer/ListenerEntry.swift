import SessionCodec
import SessionCore
import SessionIO

/// An open listening socket, what is found there, and who may ask; shared by all loops.
final class ListenerEntry: Sendable {
    let listener: Listener
    let configuration: ListenerConfiguration
    let routes: RouteTable
    /// Whether connections speak TLS; a Unix socket never does.
    let isSecure: Bool
    /// Whether `/admin/*` is answered to everybody who gets this far.
    let trustsAdmins: Bool

    init(
        _ listener: consuming Listener, _ configuration: ListenerConfiguration, isSecure: Bool, sharesOperations: Bool,
        of server: ServerConfiguration, trustsAdmins: Bool
    ) {
        let isLocal = if case .unix = listener.address { true } else { false }
        self.listener = listener
        self.configuration = configuration
        self.isSecure = isSecure && !isLocal
        self.trustsAdmins = trustsAdmins
        routes = RouteTable(
            profiles: configuration.profiles, isSingle: configuration.isSingle, hasOperations: sharesOperations,
            namespaces: server.lockers.namespaces, webSocketOwner: server.webSocketOwner)
    }

    /// What a connection may cost before it is a WebSocket: a request to sync may hold a whole state.
    var limits: ConnectionLimits {
        configuration.profiles.contains(.sync)
            ? ConnectionLimits(http: HTTPLimits(bodyBytesMax: SyncLimits.bodyBytesMax)) : ConnectionLimits()
    }

    /// Whether strangers are kept out of open services: nobody named the host, and it is not loopback anyway (PROTOCOLS §1.5).
    var isProtected: Bool { !configuration.isHostSpelledOut && !listener.address.isLoopback }

    /// Whether everybody on the network may come here, if the service lets them.
    var isExposed: Bool {
        if case .unix = listener.address { return false }
        return configuration.isHostSpelledOut && !listener.address.isLoopback
    }
}
