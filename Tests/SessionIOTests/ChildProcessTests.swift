import SessionIO
import Testing

@Suite struct ChildProcessTests {
    /// Everything that a child writes until it closes its output.
    private static func output(of child: ChildProcess) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case .received(let count) = buffer.withUnsafeMutableBytes({
            Descriptor.read(child.outputDescriptor, into: $0)
        }) {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a child reads what it is told and is heard`() throws {
        let child = try ChildProcess("/bin/cat", ["cat"])
        try child.write(Array("one\ntwo\n".utf8).span)
        child.closeInput()
        #expect(Self.output(of: child) == "one\ntwo\n")
        #expect(child.wait() == 0)
    }

    @Test(arguments: [("exit 3", Int32(3)), ("kill -TERM $$", 143)])
    func `how a child left is told, also when asked twice`(script: String, status: Int32) throws {
        let child = try ChildProcess("/bin/sh", ["sh", "-c", script])
        #expect(child.wait() == status)
        #expect(child.wait() == status)
    }

    @Test func `a child that nobody holds any longer is gone`() throws {
        var child: ChildProcess? = try ChildProcess("/bin/sh", ["sh", "-c", "echo $$; exec sleep 60"])
        var buffer = [UInt8](repeating: 0, count: 64)
        let result = buffer.withUnsafeMutableBytes { Descriptor.read(child!.outputDescriptor, into: $0) }
        guard case .received(let count) = result else { throw SystemError(code: 0, operation: "read") }
        let identifier = String(decoding: buffer[..<count].dropLast(), as: UTF8.self)
        #expect(Files.exists("/proc/\(identifier)"))
        child = nil
        #expect(!Files.exists("/proc/\(identifier)"))
    }

    @Test func `a program that is not there is an error with its name`() {
        #expect(throws: SystemError.self) { try ChildProcess("/nowhere/program", ["program"]) }
    }

    @Test func `nothing is written to a child whose input was closed`() throws {
        let child = try ChildProcess("/bin/cat", ["cat"])
        child.closeInput()
        #expect(throws: SystemError.self) { try child.write([1].span) }
        #expect(child.wait() == 0)
    }
}
