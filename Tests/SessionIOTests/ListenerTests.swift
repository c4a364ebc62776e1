import Glibc
import SessionIO
import TestSupport
import Testing

@Suite struct ListenerTests {
    @Test func `port 0 picks a port, and the listener knows which`() throws {
        let listener = try Listener(.loopback(port: 0))
        #expect(listener.address.port != 0)
        #expect(Socket.isListening(listener.descriptor))
    }

    @Test func `a port in use is reported with its address`() throws {
        let first = try Listener(.loopback(port: 0))
        let address = first.address
        let error = #expect(throws: SystemError.self) { _ = try Listener(address) }
        #expect(error?.description == "cannot listen on \(address): Address already in use (EADDRINUSE)")
        #expect(error?.isAddressInUse == true)
    }

    @Test func `a shared port takes several listeners`() throws {
        var options = Listener.Options()
        options.sharesPort = true
        let first = try Listener(.loopback(port: 0), options)
        let second = try Listener(first.address, options)
        #expect(first.address == second.address)
    }

    @Test func `both IP versions reach a listener on all addresses`() throws {
        let listener = try Listener(.ipv6(high: 0, low: 0, scope: 0, port: 0))
        let port = try #require(listener.address.port)
        let client = try Socket.connect(to: .loopback(port: port))
        try waitUntil(listener.descriptor, .readable)
        guard case .accepted(let descriptor, let peer) = listener.accept() else {
            Issue.record("nothing to accept")
            return
        }
        let server = OwnedDescriptor(adopting: descriptor)
        #expect(peer.isLoopback)
        #expect(try peer.canonical == Socket.localAddress(client.rawValue))
        #expect(try Socket.peerAddress(server.rawValue) == peer)
    }

    @Test func `an empty queue does not make accept wait`() throws {
        let listener = try Listener(.loopback(port: 0))
        #expect(listener.accept() == .wouldBlock)
    }

    @Test func `a listening socket handed over by another process works on`() throws {
        let original = try Listener(.loopback(port: 0))
        let adopted = try Listener(adopting: OwnedDescriptor(adopting: dup(original.descriptor)))
        #expect(adopted.address == original.address)
        let client = try Socket.connect(to: original.address)
        let server = try acceptOne(adopted)
        #expect(client.rawValue != server.rawValue)
    }
}

@Suite struct UnixListenerTests {
    @Test func `the socket's file is private, in a private folder, and goes with the listener`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/run/deep/1.sock"
        do {
            let listener = try Listener(.unix(path: path))
            #expect(listener.address == .unix(path: path))
            #expect(try Files.mode(path) == 0o600)
            #expect(try Files.mode(folder.path + "/run/deep") == 0o700)
            #expect(try Files.mode(folder.path + "/run") == 0o700)
        }
        #expect(!Files.exists(path))
    }

    @Test func `bytes travel over a Unix socket`() throws {
        let folder = TemporaryFolder()
        var pair = try LoopbackPair(at: .unix(path: folder.path + "/s"))
        #expect(Socket.send(pair.client.rawValue, Array("hello".utf8).span) == .sent(5))
        #expect(try pair.receiveAtServer() == Array("hello".utf8))
        #expect(try Socket.peerAddress(pair.server.rawValue) == .unix(path: ""))
    }

    @Test func `a file whose server is gone is replaced`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/s"
        let stale = try Listener(.unix(path: path))
        // Kept under another name, the file of a listener that has ended is what a killed server leaves.
        try Files.rename(path, to: path + ".kept")
        _ = consume stale
        try Files.rename(path + ".kept", to: path)
        #expect(Files.exists(path))
        let listener = try Listener(.unix(path: path))
        let client = try Socket.connect(to: listener.address)
        let server = try acceptOne(listener)
        #expect(client.rawValue != server.rawValue)
    }

    @Test func `a socket that answers is not taken away`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/s"
        let first = try Listener(.unix(path: path))
        let error = #expect(throws: SystemError.self) { _ = try Listener(.unix(path: path)) }
        #expect(error?.isAddressInUse == true)
        #expect(Files.exists(path))
        _ = consume first
    }

    @Test func `a file that is no socket is not taken away`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/letter"
        try Files.write(Array("dear".utf8).span, to: path, mode: 0o600)
        #expect(throws: SystemError.self) { _ = try Listener(.unix(path: path)) }
        #expect(try Files.read(path) == Array("dear".utf8))
    }

    @Test func `a path too long for a socket is refused by name`() throws {
        let path = "/tmp/" + String(repeating: "x", count: 110)
        let error = #expect(throws: SystemError.self) { _ = try Listener(.unix(path: path)) }
        #expect(error?.description == "cannot use as a socket \(path): File name too long (ENAMETOOLONG)")
    }
}
