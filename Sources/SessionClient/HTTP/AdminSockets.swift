package import SessionCodec
import SessionIO

/// The administration sockets of the servers on this machine, so that nobody has to name one (PROTOCOLS §1.10).
package enum AdminSockets {
    /// More sockets than this are not asked; a folder with more is no runtime folder.
    private static let countMax = 64

    /// The folders in which `serve` keeps them unless told otherwise.
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

    /// The paths of the sockets in these folders, also of servers that were killed and left theirs behind.
    package static func paths(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            // A folder that does not exist holds no sockets.
            let names = (try? Files.names(inFolder: folder)) ?? []
            return names.filter { $0.hasSuffix(".sock") }.sorted().prefix(countMax).map { "\(folder)/\($0)" }
        }
    }

    /// The sockets on which somebody listens.
    package static func live(in folders: [String]) -> [Endpoint] {
        paths(in: folders).filter(isLive).map { Endpoint(address: .unix(path: $0)) }
    }

    private static func isLive(_ path: String) -> Bool {
        // On a Unix socket the attempt is decided at once: refused where nobody listens.
        guard let descriptor = try? Socket.connect(to: .unix(path: path)) else { return false }
        return Socket.takeError(descriptor.rawValue) == 0
    }
}
