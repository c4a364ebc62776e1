import Glibc

/// Runs one of the fuzz targets under libFuzzer, or writes the inputs that it starts from.
///
///     fuzz json [libFuzzer's options and corpus directories]
///     fuzz seeds json DIRECTORY
///
/// libFuzzer's runtime is linked by `-sanitize=fuzzer`; see `.ci/fuzz`.
@main
enum FuzzMain {
    static func main() {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "seeds", let target = FuzzTarget(rawValue: arguments[2]) {
            write(target.seeds, into: arguments[3])
        } else if arguments.count >= 2, let target = FuzzTarget(rawValue: arguments[1]) {
            exit(run(target, arguments))
        } else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
            print("usage: fuzz \(names) [OPTION…] [CORPUS…]\n       fuzz seeds \(names) DIRECTORY")
            exit(64)
        }
    }

    /// Hands the rest of the command line to libFuzzer, which never returns unless it is done.
    private static func run(_ target: FuzzTarget, _ arguments: [String]) -> CInt {
        var argv = ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) } + [nil]
        var argc = CInt(argv.count - 1)
        return argv.withUnsafeMutableBufferPointer { buffer in
            var base = buffer.baseAddress
            return runDriver(&argc, &base, target.entry)
        }
    }

    private static func write(_ seeds: [[UInt8]], into directory: String) {
        for (place, seed) in seeds.enumerated() {
            let path = "\(directory)/seed-\(place)"
            guard let file = fopen(path, "w"), fwrite(seed, 1, seed.count, file) == seed.count, fclose(file) == 0 else {
                perror(path)
                exit(74)
            }
        }
    }
}

/// What libFuzzer calls with each input; it must return 0.
typealias FuzzEntry = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// `LLVMFuzzerRunDriver` of libFuzzer's runtime; the two calling conventions agree for these arguments.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argc: UnsafeMutablePointer<CInt>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: FuzzEntry
) -> CInt
