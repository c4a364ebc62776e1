import SessionCodec
import TestSupport

/// A shell script around a server of the real binary on a free port, as a person would write it.
///
/// The script finds the binary as `$sessionctl`, the server's URL as `$url`, its process as `$server`, and runs in a folder
/// of its own.
enum ClientScript {
    /// Runs a script; its folder goes however it ends.
    ///
    /// - Parameters:
    ///   - profile: The profile that is served.
    ///   - options: Further options of `serve`.
    static func run(_ body: String, profile: String = "awareness", options: String = "") -> SpawnedProgram {
        let path = profile == "echo" ? "/echo" : "/"
        let folder = TemporaryFolder()
        return SpawnedProgram(
            script: """
                sessionctl=$1
                work='\(folder.path)'; cd "$work" || exit 99
                export HOME=$work XDG_RUNTIME_DIR=$work
                trap 'kill -9 "$server" 2>/dev/null; wait "$server" 2>/dev/null' EXIT
                "$sessionctl" serve --listen \(profile)=127.0.0.1:0 --lb-wait 0s --drain-duration 0s \(options) \
                    >listening 2>serve.log &
                server=$!
                for i in $(seq 200); do grep -q '^listening' listening && break; sleep 0.05; done
                read -r _ _ address <listening
                url=ws://$address\(path)
                \(body)
                """)
    }

    /// The objects of an NDJSON text.
    static func objects(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    }
}
