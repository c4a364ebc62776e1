import TestSupport

/// A shell script around a `serve` of its own, in a folder of its own.
///
/// What the script finds: `$bin` the binary, `$dir` an empty folder, `$scripts` the helpers written in other languages,
/// `serve ARGUMENTS…` which starts a server in the background and sets `$pid`, `$address` and `$port` once it listens,
/// `stop` which ends it and sets `$status`, `wait_for COMMAND…` which repeats a command until it succeeds, and
/// `free_port` which names a port where nobody listens.
enum ServerScript {
    /// Runs the script with bash; the folder goes however the script ends.
    static func run(_ script: String) -> SpawnedProgram {
        let folder = TemporaryFolder()
        return SpawnedProgram(script: "dir='\(folder.path)'\n" + prelude + script)
    }

    private static let prelude = """
        set -u
        bin=$1; scripts=$2/Tests/SessionctlTests/Scripts; seeds=$2/../shared/seeds
        pid=
        trap '[ -z "$pid" ] || { kill -9 $pid; wait $pid; } 2> /dev/null' EXIT
        export XDG_RUNTIME_DIR=$dir XDG_STATE_HOME=$dir NODE_PATH=/usr/share/nodejs NODE_NO_WARNINGS=1
        unset PORT HOST HEARTBEAT_TIMEOUT CLEANUP_INTERVAL MAX_CONNECTIONS
        wait_for() {
            for _ in $(seq 1500); do "$@" > /dev/null 2>&1 && return 0; sleep 0.01; done
            echo "never: $*" >&2; return 1
        }
        is_listening() { grep -q ^listening "$dir/out" || ! kill -0 $pid; }
        serve() {
            # What a server before this one said would be taken for its words.
            : > "$dir/out"
            "${wrapper[@]}" "$bin" serve "$@" > "$dir/out" 2> "$dir/err" & pid=$!
            wait_for is_listening
            address=$(sed -n 's/^listening [^ ]* //p' "$dir/out" | head -n 1); port=${address##*:}
        }
        wrapper=(env)
        stop() { kill -${1:-TERM} $pid; wait $pid; status=$?; pid=; }
        free_port() {
            local port
            while port=$((20000 + RANDOM % 20000)); (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
            echo $port
        }
        """ + "\n"
}
