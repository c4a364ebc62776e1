import TestSupport
import Testing

/// What was acknowledged survives `kill -9` of the server and of Redis (PROTOCOLS C20, 1-13).
///
/// `KILL_NINE_ROUNDS=200 swift test --filter KillNineTests` runs as many rounds as a release wants.
@Suite(.serialized) struct KillNineTests {
    @Test(arguments: ["sqlite", "redis"])
    func `nothing that was acknowledged is lost when processes are killed`(store: String) {
        let folder = TemporaryFolder()
        let run = SpawnedProgram(
            script: """
                exec env -u PORT -u HOST XDG_RUNTIME_DIR=\(folder.path) \
                    python3 "$2/Tests/SessionctlTests/Scripts/kill_nine.py" "$1" \(folder.path) \(store) \
                    "${KILL_NINE_ROUNDS:-3}"
                """)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains(" 0 lost, 0 out of order, 0 with wrong content"), "\(run.output)\(run.errors)")
        print(run.output, terminator: "")
    }
}
