import SessionCrypto
import SessionIO

/// Reads the certificates in `Tests/Fixtures/tls`.
enum TLSFixture {
    static func pem(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return try Files.read(tests.joined(separator: "/") + "/Fixtures/tls/\(name).pem")
    }

    static func identity(_ name: String) throws -> TLSContext.Identity {
        try TLSContext.Identity(certificateChain: pem(name), privateKey: pem("\(name)-key"))
    }

    static func server(_ name: String = "server", demandingClients: Bool = false) throws -> TLSContext {
        try TLSContext(
            serverIdentity: identity(name), clientAuthorities: demandingClients ? pem("authority") : nil)
    }

    static func client(identity name: String? = nil) throws -> TLSContext {
        try TLSContext(clientTrusting: .authorities(pem("authority")), identity: name.map { try identity($0) })
    }
}

/// Two sessions whose ciphertext goes to each other in pieces of a fixed size, without a socket.
struct TLSConversation {
    let client: TLSSession
    let server: TLSSession
    let pieceBytes: Int
    private var toServer: [UInt8] = []
    private var toClient: [UInt8] = []
    /// What each end has decrypted.
    private(set) var heardByServer: [UInt8] = []
    private(set) var heardByClient: [UInt8] = []
    /// Why each end has failed.
    private(set) var serverError: TLSError?
    private(set) var clientError: TLSError?

    init(
        client: TLSContext, server: TLSContext, peerName: String? = "localhost", pieceBytes: Int = 16_384
    ) throws {
        self.client = try TLSSession(client, peerName: peerName)
        self.server = try TLSSession(server)
        self.pieceBytes = pieceBytes
        try self.client.start(output: &toServer)
    }

    /// Carries bytes to and fro until both ends are silent.
    mutating func settle() {
        while !toServer.isEmpty || !toClient.isEmpty {
            let forServer = Self.takePiece(of: &toServer, pieceBytes)
            do { try server.receive(forServer.span, plaintext: &heardByServer, output: &toClient) } catch {
                serverError = serverError ?? error
            }
            let forClient = Self.takePiece(of: &toClient, pieceBytes)
            do { try client.receive(forClient.span, plaintext: &heardByClient, output: &toServer) } catch {
                clientError = clientError ?? error
            }
        }
    }

    mutating func clientSays(_ bytes: [UInt8]) throws { try client.send(bytes.span, output: &toServer) }

    mutating func serverSays(_ bytes: [UInt8]) throws { try server.send(bytes.span, output: &toClient) }

    mutating func clientCloses() { client.close(output: &toServer) }

    private static func takePiece(of queue: inout [UInt8], _ count: Int) -> [UInt8] {
        let piece = Array(queue.prefix(count))
        queue.removeFirst(piece.count)
        return piece
    }
}
