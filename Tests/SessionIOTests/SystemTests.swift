import SessionBase
import SessionIO
import TestSupport
import Testing

@Suite struct SystemClockTests {
    @Test func `the monotonic clock does not go back`() {
        var previous = SystemClock.now()
        for _ in 0..<1000 {
            let now = SystemClock.now()
            #expect(now >= previous)
            previous = now
        }
    }

    @Test func `a moment pairs the instant with the wall clock`() {
        var clock = SystemClock()
        let before = SystemClock.wallNanoseconds() / 1_000_000
        let moment = clock.moment()
        let after = SystemClock.wallNanoseconds() / 1_000_000
        #expect(moment.timestamp.milliseconds >= before - 1 && moment.timestamp.milliseconds <= after + 1)
    }

    @Test func `within a second the wall time moves exactly as the monotonic one does`() {
        var clock = SystemClock()
        let start = SystemClock.now()
        let first = clock.moment(at: start)
        let later = clock.moment(at: start + .milliseconds(250))
        #expect(later.timestamp.milliseconds - first.timestamp.milliseconds == 250)
    }
}

@Suite struct FilesTests {
    @Test func `a file is replaced whole, with the mode asked for`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/secret"
        try Files.write(Array("first, and longer".utf8).span, to: path, mode: 0o644)
        try Files.write(Array("second".utf8).span, to: path, mode: 0o600)
        #expect(try Files.read(path) == Array("second".utf8))
        #expect(try Files.mode(path) == 0o600)
        try Files.append(Array(" line".utf8).span, to: path, mode: 0o600)
        #expect(try Files.read(path) == Array("second line".utf8))
        try Files.remove(path)
        try Files.remove(path)
        #expect(!Files.exists(path))
    }

    @Test func `failures name the file`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/missing"
        let error = #expect(throws: SystemError.self) { try Files.read(path) }
        #expect(error?.description == "cannot read \(path): No such file or directory (ENOENT)")
        #expect(error?.isMissing == true)
        #expect(throws: SystemError(code: 2, operation: "write", context: path + "/x")) {
            try Files.write(Array("x".utf8).span, to: path + "/x", mode: 0o600)
        }
        try Files.write(Array("twelve bytes".utf8).span, to: path, mode: 0o600)
        #expect(throws: SystemError(code: 27, operation: "read", context: path)) {
            try Files.read(path, bytesMax: 11)
        }
        #expect(throws: SystemError.self) { try Files.makeFolder(path, mode: 0o700) }
    }

    @Test func `missing folders are created, present ones left alone`() throws {
        let folder = TemporaryFolder()
        try Files.makeFolder(folder.path + "/a/b/c", mode: 0o700)
        try Files.makeFolder(folder.path + "/a/b/c", mode: 0o755)
        #expect(Files.isFolder(folder.path + "/a/b/c"))
        #expect(try Files.mode(folder.path + "/a/b/c") == 0o700)
    }

    @Test func `large files are read whole`() throws {
        let folder = TemporaryFolder()
        let contents = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try Files.write(contents.span, to: folder.path + "/large", mode: 0o600)
        #expect(try Files.read(folder.path + "/large") == contents)
    }
}

@Suite struct ProcessTests {
    @Test func `a process knows what it uses`() throws {
        let usage = ProcessUsage.read()
        #expect(usage.residentBytes > 1_000_000)
        #expect(usage.virtualBytes >= usage.residentBytes)
        #expect(usage.openDescriptors >= 3)
        #expect(usage.userTime + usage.systemTime > .zero)
    }

    @Test func `the process started a short while ago`() throws {
        let started = try #require(ProcessUsage.startTime())
        let age = SystemClock.wallNanoseconds() / 1_000_000 - started.milliseconds
        #expect(age >= -1000 && age < 3_600_000)
    }

    @Test func `descriptor limits rise to what is allowed and no further`() throws {
        let limits = try ResourceLimits.raiseDescriptors()
        #expect(limits.descriptors == limits.descriptorsMax)
        #expect(try ResourceLimits.read() == limits)
    }

    @Test func `at least one processor may be used`() { #expect(ProcessorAffinity.count >= 1) }

    @Test func `variables are found by name and in the list`() throws {
        let path = try #require(Environment.value("PATH"))
        #expect(Environment.all()["PATH"] == path)
        #expect(Environment.value("SESSIONCTL_SURELY_NOT_SET") == nil)
    }

    @Test func `a system error reads as a sentence`() {
        let error = SystemError(code: 13, operation: "open", context: "/etc/shadow")
        #expect("\(error)" == "cannot open /etc/shadow: Permission denied (EACCES)")
        #expect("\(SystemError(code: 4, operation: "wait"))" == "cannot wait: Interrupted system call (EINTR)")
        #expect(
            "\(SystemError.timedOut("connect to", "[::1]:80"))" == """
                cannot connect to [::1]:80: Connection timed out (ETIMEDOUT)
                """)
        #expect(SystemError(code: 111, operation: "connect").isRefused)
        #expect(SystemError.reason(99_999) == "error 99999")
    }
}
