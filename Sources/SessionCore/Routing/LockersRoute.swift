/// Where lockers' namespaces are found (PROTOCOLS §1.2).
package enum LockersRoute {
    /// How the paths of namespaces begin.
    package static let prefix = "/ws/"

    /// The path of a namespace on every listener that carries lockers: `/lockers/help` of `/ws/help`.
    package static func mountedPath(of namespace: String) -> String { "/lockers/" + namespace.dropFirst(prefix.count) }

    /// The namespace that a path means, native or mounted; `nil` where it is none of `namespaces`.
    package static func namespace(at path: String, among namespaces: [String]) -> String? {
        namespaces.first { $0 == path || mountedPath(of: $0) == path }
    }
}
