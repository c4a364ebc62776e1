import TestSupport
import Testing

/// Boards and their backend, with the real binary: a backend of the test's own fails in every way, and nothing is lost.
///
/// `BOARD_KILL_NINE_ROUNDS=200`, `BOARD_BACKEND_SECONDS=120` and `BOARD_ROOMS=10000` make the runs as long as a release wants.
@Suite(.serialized) struct BoardBackendTests {
    /// Runs one of the scripts in a folder of its own; `FOLDER` in the arguments stands for it.
    private static func run(_ script: String, _ arguments: String) -> SpawnedProgram {
        let folder = TemporaryFolder()
        let run = SpawnedProgram(
            script: """
                exec env -u PORT -u HOST -u BACKEND_URL XDG_RUNTIME_DIR=\(folder.path) PYTHONDONTWRITEBYTECODE=1 \
                    python3 "$2/Tests/SessionctlTests/Scripts/\(script)" "$1" \(folder.path) \(arguments)
                """)
        print(run.output, terminator: "")
        return run
    }

    @Test func `what a failing backend holds at the end equals the rooms, and it is never pressed`() {
        let run = Self.run("board_backend.py", "${BOARD_BACKEND_SECONDS:-8}")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains(" 0 rooms differ, 0 requests overlap, 0 writes too soon, 0 requests wrong"))
    }

    @Test(arguments: ["alone", "backend"])
    func `no shape that was acknowledged or seen is lost when the server is killed`(kind: String) {
        let run = Self.run("board_kill_nine.py", "\(kind) ${BOARD_KILL_NINE_ROUNDS:-3}")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains(" 0 lost, 0 undead, 0 wrong, 0 versions backwards"))
    }

    @Test func `the test of kills finds what a store without a disk loses`() {
        let run = Self.run("board_kill_nine.py", "memory 2")
        #expect(run.status == 1, "\(run.output)\(run.errors)")
        #expect(!run.output.contains(" 0 lost"))
    }

    @Test func `rooms that were opened and emptied leave nothing behind`() {
        let run = Self.run("board_rooms.py", "${BOARD_ROOMS:-300}")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    @Test func `a disk that is full refuses changes, and ends nothing`() {
        let run = Self.run("board_full_disk.py", "")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
}
