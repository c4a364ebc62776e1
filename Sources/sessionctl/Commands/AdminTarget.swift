import CommandKit
import SessionClient
import SessionCodec

/// Finds the server that `admin` and `console` speak to where nobody named one.
enum AdminTarget {
    /// The one administration socket on this machine that is alive.
    static func find(_ environment: (String) -> String?) throws(CommandError) -> Endpoint {
        let folders = AdminSockets.folders(environment: environment)
        let live = AdminSockets.live(in: folders)
        switch live.count {
        case 1: return live[0]
        case 0:
            let places = folders.isEmpty ? "" : " in \(folders.joined(separator: " or "))"
            throw CommandError(
                .unavailable,
                "no server of yours has its administration socket\(places); start one, or name one with --url")
        default:
            let list = live.map(\.description).joined(separator: ", ")
            throw .usage("\(live.count) servers run here; name one with --url: \(list)")
        }
    }
}
