internal import CLinux
internal import Glibc
package import SessionBase

/// What this process uses, for `process_*` metrics (PROTOCOLS §1.7).
package struct ProcessUsage: Equatable, Sendable {
    /// Resident memory in bytes.
    package var residentBytes: Int
    /// Virtual memory in bytes.
    package var virtualBytes: Int
    /// CPU time spent in the program itself.
    package var userTime: Duration
    /// CPU time the kernel spent for the program.
    package var systemTime: Duration
    /// Open descriptors.
    package var openDescriptors: Int

    /// Reads the present numbers; what `/proc` does not tell is 0.
    package static func read() -> ProcessUsage {
        var usage = rusage()
        _ = clinux_usage(&usage)
        let pages = statusPages()
        return ProcessUsage(
            residentBytes: pages.resident * pageBytes, virtualBytes: pages.total * pageBytes,
            userTime: duration(usage.ru_utime), systemTime: duration(usage.ru_stime),
            openDescriptors: countOpenDescriptors())
    }

    /// The number that the kernel gave this process.
    package static var identifier: Int32 { getpid() }

    /// When the process started, in wall-clock time; `nil` where `/proc` does not tell.
    package static func startTime() -> Timestamp? {
        // Field 22 of /proc/self/stat, counted after the name in parentheses, which may hold blanks (proc(5)).
        guard let fields = text("/proc/self/stat").split(separator: ")").last?.split(separator: " "),
            fields.count > 19, let ticks = Int64(fields[19])
        else { return nil }
        var sinceBoot = timespec()
        _ = clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        let bootMilliseconds = Int64(sinceBoot.tv_sec) * 1000 + Int64(sinceBoot.tv_nsec) / 1_000_000
        let startMilliseconds = ticks * 1000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let now = SystemClock.wallNanoseconds() / 1_000_000
        return Timestamp(milliseconds: now - bootMilliseconds + startMilliseconds)
    }

    private static var pageBytes: Int { max(1, sysconf(Int32(_SC_PAGESIZE))) }

    private static func statusPages() -> (total: Int, resident: Int) {
        let fields = text("/proc/self/statm").split(separator: " ").prefix(2).compactMap { Int($0) }
        return fields.count == 2 ? (fields[0], fields[1]) : (0, 0)
    }

    private static func countOpenDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the descriptor of the folder itself.
        return max(0, count - 3)
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }

    private static func text(_ path: String) -> String {
        // Losing the reason is right: a metric that cannot be read is 0.
        String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self)
    }
}
