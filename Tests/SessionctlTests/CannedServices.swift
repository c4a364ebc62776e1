import SessionCodec
import TestSupport

/// A shell script beside a server of channels and lockers that answers as it is told.
enum CannedServices {
    /// Runs a script; `$sessionctl` and `$url` are there, `sent` holds what clients sent, and SESSIONCTL_URL is set.
    static func run(_ body: String) -> SpawnedProgram {
        run(beside: "canned_services.py", "export SESSIONCTL_URL=$url\n" + body)
    }

    /// Runs a script beside a server that is one itself; `$sessionctl` and `$url` are there, `sent` holds what clients sent.
    static func run(beside server: String, _ body: String) -> SpawnedProgram {
        let folder = TemporaryFolder()
        return SpawnedProgram(
            script: """
                set -u; sessionctl=$1; scripts=$2/Tests/SessionctlTests/Scripts
                cd '\(folder.path)' || exit 99
                unset SESSIONCTL_TOKEN SESSIONCTL_URL SESSIONCTL_X_API_KEY SESSIONCTL_LOCKER_SESSION
                trap 'kill -9 "$server" 2>/dev/null; wait "$server" 2>/dev/null' EXIT
                python3 "$scripts/\(server)" >sent & server=$!
                for i in $(seq 400); do [ -s sent ] && break; sleep 0.05; done
                url=http://127.0.0.1:$(head -n 1 sent)
                \(body)
                """)
    }

    /// Runs one command, whose output and status it is; what went over the socket is behind the remarks.
    static func command(_ command: String) -> SpawnedProgram {
        run(#""$sessionctl" "# + command + #"; status=$?; sed 1d sent >&2; exit $status"#)
    }

    /// What the request of one command looked like to the server.
    static func request(_ command: String) throws -> JSONValue {
        try JSONValue.parse(run(#""$sessionctl" "# + command + " --json").output)
    }
}
