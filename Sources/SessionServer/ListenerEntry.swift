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
    /// Whether `/admin/*` is answered, and not merely refused.
    let answersAdmin: Bool

    init(
        _ listener: consuming Listener, _ configuration: ListenerConfiguration, isSecure: Bool, sharesOperations: Bool,
        answersAdmin: Bool
    ) {
        let isLocal = if case .unix = listener.address { true } else { false }
        self.listener = listener
        self.configuration = configuration
        self.isSecure = isSecure && !isLocal
        self.answersAdmin = answersAdmin
        routes = RouteTable(
            profiles: configuration.profiles, isSingle: configuration.isSingle, hasOperations: sharesOperations)
    }

    /// Whether strangers are kept out: nobody named the host, and it is not loopback anyway (PROTOCOLS §1.5).
    var isProtected: Bool { !configuration.isHostSpelledOut && !listener.address.isLoopback }

    /// Whether everybody on the network reaches an open service here.
    var isExposed: Bool {
        if case .unix = listener.address { return false }
        return configuration.isHostSpelledOut && !listener.address.isLoopback
    }
}
