import SessionBench
import Testing

/// A shell script around `bench` and a `serve` of its own; see ``ServerScript``.
///
/// What the script finds besides: `$echo` and `$awareness` the URLs of a server that is running, and `bench
/// ARGUMENTS…`, which makes short runs.
enum BenchScript {
    /// Runs the script with bash.
    static func run(_ script: String) -> SpawnedProgram { ServerScript.run(prelude + script) }

    /// Runs a script whose server is one of sync, with `$sync` for its URL.
    ///
    /// - Parameters:
    ///   - mode: Options of `serve`, by which it is open unless told otherwise.
    ///   - before: What is done before it starts.
    static func runSync(mode: String = "--dev", before: String = ":", _ script: String) -> SpawnedProgram {
        ServerScript.run(
            """
            \(before)
            serve --profile sync --listen sync=127.0.0.1:0 --rate-limit off --lb-wait 0 --store memory \(mode)
            disown $pid
            sync=ws://$address/ws

            """ + definition + "\n" + script)
    }

    /// Runs a script whose server is one of channels and lockers in open mode, with `$topics` for the URL of its listener.
    static func runTopics(_ script: String) -> SpawnedProgram {
        ServerScript.run(
            """
            serve --profile channels,lockers --listen channels+lockers=127.0.0.1:0 --rate-limit off --lb-wait 0 --dev \
                --channels-rule 'test:* history=10000'
            disown $pid
            topics=ws://$address

            """ + definition + "\n" + script)
    }

    /// Runs a script whose server is one of boards, with `$board` for its URL.
    ///
    /// - Parameters:
    ///   - mode: Options of `serve`, by which it is open unless told otherwise.
    ///   - before: What is done before it starts.
    static func runBoard(mode: String = "--dev", before: String = ":", _ script: String) -> SpawnedProgram {
        ServerScript.run(
            """
            \(before)
            serve --profile board --listen board=127.0.0.1:0 --rate-limit off --lb-wait 0 --store memory \(mode)
            disown $pid
            board=ws://$address/

            """ + definition + "\n" + script)
    }

    /// The document that a script wrote to standard output.
    static func document(_ run: SpawnedProgram) throws -> BenchDocument {
        do {
            return try BenchDocument(parsing: Array(run.output.utf8).span)
        } catch {
            Issue.record("\(error): \(run.output.prefix(300)) \(run.errors)")
            throw error
        }
    }

    private static let prelude = """
        serve --profile awareness,echo --single 127.0.0.1:0 --rate-limit off --lb-wait 0
        # The shell keeps silent about it when the trap kills it.
        disown $pid
        echo=ws://$address/echo; awareness=ws://$address/awareness
        """ + "\n" + definition + "\n"

    private static let definition =
        #"bench() { SESSIONCTL_BENCH_WARM_UP=100ms SESSIONCTL_BENCH_DURATION=${length:-500ms} "$bin" bench "$@"; }"#
}
