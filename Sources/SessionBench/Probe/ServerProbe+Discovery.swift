import SessionClient
package import SessionCodec
import SessionIO

/// Finding the administration socket of a server on this machine, so that nobody has to name it.
extension ServerProbe {
    /// How long one socket is asked: it is on this machine.
    private static let patience = Duration.milliseconds(500)
    /// Finds the server behind a target on this machine.
    ///
    /// Each socket in the folders is asked where its process listens; those that do not answer are passed over, as a
    /// server that was killed leaves its socket behind.
    ///
    /// - Returns: `nil` where the target is on another machine, or no server of this person's listens there.
    package static func find(behind target: Endpoint, in folders: [String]) -> ServerProbe? {
        // A name that cannot be resolved has no server here; connecting will say so.
        guard let addresses = try? target.addresses(), addresses.contains(where: \.isLoopback) else { return nil }
        for path in AdminSockets.paths(in: folders) {
            var probe = ServerProbe(Endpoint(address: .unix(path: path)))
            probe.timeout = patience
            // One that cannot be asked is not the one that is looked for, or it is of no use.
            guard let reading = try? probe.read(), addresses.contains(where: reading.listens) else { continue }
            return ServerProbe(Endpoint(address: .unix(path: path)))
        }
        return nil
    }
}
