import SessionBase
import SessionIO
import SessionServer
import Synchronization
import TestSupport
import Testing

/// Where secrets come from, and which are refused (PROTOCOLS §1.5).
@Suite struct AccessSecretsTests {
    private let long = "0123456789abcdef0123456789abcdef"

    @Test func `the first start draws two secrets that only their owner can read, and later ones find them`() throws {
        let folder = TemporaryFolder()
        let place = folder.path + "/state/sessionctl"
        let first = try AccessSecrets { _ in nil }.completed(in: place, draws: true)
        #expect(try Files.mode(place) == 0o700)
        #expect(try Files.mode(place + "/secrets") == 0o600)
        #expect(first.access?.count == 43)
        #expect(first.refresh?.count == 43)
        #expect(first.access != first.refresh)
        #expect(first.notice == "drew secrets for tokens and keeps them in \(place)/secrets (mode 0600)")
        let second = try AccessSecrets { _ in nil }.completed(in: place, draws: true)
        #expect((second.access, second.refresh) == (first.access, first.refresh))
        #expect(second.notice == nil)
        #expect(try Files.names(inFolder: place) == ["secrets"])
    }

    @Test func `of servers that start at once all find the same secrets, and one has drawn them`() throws {
        let folder = TemporaryFolder()
        let place = folder.path + "/state"
        let results = Mutex<[AccessSecrets]>([])
        let count = 8
        for _ in 0..<count {
            let thread = try SystemThread(name: "start") {
                do throws(AccessError) {
                    let secrets = try AccessSecrets { _ in nil }.completed(in: place, draws: true)
                    results.withLock { $0.append(secrets) }
                } catch {
                    Issue.record("\(error)")
                }
            }
            thread.detach()
        }
        eventually("all have started") { results.withLock { $0.count } == count }
        let all = results.withLock { $0 }
        #expect(Set(all.map(\.access)).count == 1)
        #expect(Set(all.map(\.refresh)).count == 1)
        #expect(all.count { $0.notice != nil } == 1)
        #expect(try Files.names(inFolder: place) == ["secrets"])
    }

    @Test func `the file comes before the environment, and that before what is drawn`() throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/mine"
        let contents = Array("# mine\n\njwt=file-\(long)\n".utf8)
        try Files.write(contents.span, to: file, mode: 0o600)
        let environment = ["JWT_SECRET": "env-\(long)", "JWT_REFRESH_SECRET": "refresh-\(long)"]
        let secrets = try AccessSecrets(file: file, environment: { environment[$0] })
        #expect(secrets.access == Array("file-\(long)".utf8))
        #expect(secrets.refresh == Array("refresh-\(long)".utf8))
        let partly = try AccessSecrets(file: file, environment: { _ in nil })
        #expect(partly.refresh == nil)
        let completed = try partly.completed(in: folder.path, draws: true)
        #expect(completed.access == secrets.access)
        #expect(completed.refresh?.count == 43)
    }

    @Test func `nothing is drawn where nobody asks for it`() throws {
        let folder = TemporaryFolder()
        let secrets = try AccessSecrets { _ in nil }.completed(in: folder.path, draws: false)
        #expect(secrets.access == nil)
        #expect(try Files.names(inFolder: folder.path).isEmpty)
    }

    @Test(arguments: [
        "short", "harmony-flow-secret-key", "secret-string", "changeme", "0123456789abcdef0123456789abcde",
    ])
    func `a short or published secret is refused, unless for development`(secret: String) throws {
        let environment = { (name: String) in name == "JWT_SECRET" ? secret : nil }
        #expect {
            _ = try AccessSecrets(environment: environment)
        } throws: { error in
            let text = "\(error)"
            return text.hasPrefix("the secret JWT_SECRET is refused: ") && !text.contains(secret)
        }
        #expect(try AccessSecrets(environment: environment, allowingWeak: true).access == Array(secret.utf8))
    }

    @Test(arguments: [
        ("jwt", "FILE:1: write jwt=SECRET or refresh=SECRET"),
        ("\nfoo=bar", "FILE:2: write jwt=SECRET or refresh=SECRET"),
        ("jwt=", "FILE:1: write jwt=SECRET or refresh=SECRET"),
        ("refresh=a\nrefresh=b", "FILE:2: this secret stands there twice; remove one"),
        (
            "jwt=short",
            "the secret jwt in FILE is refused: it has 5 bytes, and at least 32 are needed; give another, or none to have one drawn"
        ),
    ])
    func `a file that is wrong is refused with its line`(contents: String, message: String) throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/mine"
        let bytes = Array(contents.utf8)
        try Files.write(bytes.span, to: file, mode: 0o600)
        #expect {
            _ = try AccessSecrets(file: file, environment: { _ in nil })
        } throws: { error in
            "\(error)" == message.split(separator: "FILE", omittingEmptySubsequences: false).joined(separator: file)
        }
    }

    @Test func `a file that is not there is told from one that is wrong`() {
        #expect {
            _ = try AccessSecrets(file: "/nonexistent/secrets", environment: { _ in nil })
        } throws: { ($0 as? AccessError)?.isMissing == true }
    }

    @Test func `secrets that others can read are not trusted`() throws {
        let folder = TemporaryFolder()
        _ = try AccessSecrets { _ in nil }.completed(in: folder.path, draws: true)
        let path = folder.path + "/secrets"
        let contents = try Files.read(path)
        try Files.write(contents.span, to: path, mode: 0o644)
        #expect(throws: AccessError.self) { try AccessSecrets { _ in nil }.completed(in: folder.path, draws: true) }
    }
}
