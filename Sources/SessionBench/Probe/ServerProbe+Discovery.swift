import SessionClient
package import SessionCodec
import SessionIO

/// Finding the administration socket of a server on this machine, so that nobody has to name it.
extension ServerProbe {
    /// How long one socket is asked: it is on this machine.
    private static let patience = Duration.milliseconds(500)
    /// More sockets than this are not asked; a folder with more is no runtime folder.
    private static let socketsMax = 64

    /// The folders in which `serve` keeps its administration sockets unless told otherwise (PROTOCOLS §1.10).
    ///
    /// - Parameter environment: The variables of this process.
    package static func folders(environment: (String) -> String?) -> [String] {
        var folders: [String] = []
        if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") {
            folders.append(runtime + "/sessionctl")
        }
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
            folders.append(state + "/sessionctl/run")
        } else if let home = environment("HOME"), !home.isEmpty {
            folders.append(home + "/.local/state/sessionctl/run")
        }
        return folders
    }

    /// Finds the server behind a target on this machine.
    ///
    /// Each socket in the folders is asked where its process listens; those that do not answer are passed over, as a
    /// server that was killed leaves its socket behind.
    ///
    /// - Returns: `nil` where the target is on another machine, or no server of this person's listens there.
    package static func find(behind target: Endpoint, in folders: [String]) -> ServerProbe? {
        // A name that cannot be resolved has no server here; connecting will say so.
        guard let addresses = try? target.addresses(), addresses.contains(where: \.isLoopback) else { return nil }
        for path in folders.flatMap(sockets) {
            var probe = ServerProbe(Endpoint(address: .unix(path: path)))
            probe.timeout = patience
            // One that cannot be asked is not the one that is looked for, or it is of no use.
            guard let reading = try? probe.read(), addresses.contains(where: reading.listens) else { continue }
            return ServerProbe(Endpoint(address: .unix(path: path)))
        }
        return nil
    }

    private static func sockets(in folder: String) -> [String] {
        // A folder that does not exist holds no sockets.
        let names = (try? Files.names(inFolder: folder)) ?? []
        return names.filter { $0.hasSuffix(".sock") }.prefix(socketsMax).map { "\(folder)/\($0)" }
    }
}
