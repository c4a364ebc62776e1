import SessionIO
import TestSupport
import Testing

@Suite struct FileLockTests {
    /// What a lock that is held elsewhere says.
    private func failure(_ path: String) -> FileLock.Failure? {
        do throws(FileLock.Failure) {
            _ = try FileLock(path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a lock is held once, names its holder, and is free afterwards`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/lock"
        do {
            let lock = try FileLock(path)
            let contents = try Files.read(path)
            let holder = Int(String(decoding: contents.dropLast(), as: UTF8.self))
            #expect(holder != nil)
            #expect(failure(path) == .isHeld(process: holder))
            #expect(try Files.mode(path) == 0o600)
            withExtendedLifetime(lock) {}
        }
        #expect(failure(path) == nil)
    }

    @Test func `a lock is also held against other programs`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/lock"
        let lock = try FileLock(path)
        let other = try ChildProcess("/usr/bin/flock", ["flock", "--nonblock", path, "true"])
        #expect(other.wait() == 1)
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock in a folder that is not there is an error with its path`() {
        guard case .failed(let error) = failure("/nowhere/lock") else {
            Issue.record("there is no such folder")
            return
        }
        #expect(error.isMissing)
        #expect(error.context == "/nowhere/lock")
    }
}
