import SessionBase
import SessionClient
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

/// A backend as one configuration tells it: what its requests look like, and how its connections are secured.
final class BackendSite: Sendable {
    /// How long a token of ours is good for (PROTOCOLS §5.4).
    private static let tokenSeconds: Int64 = 60

    let configuration: BoardBackendConfiguration
    /// Looks the name up; `nil` for the system's resolver.
    let resolve: Client.Resolve?
    private let tls: TLSContext?
    private let issuer: TokenIssuer

    /// Reads the files that TLS needs.
    init(_ configuration: BoardBackendConfiguration, _ resolve: Client.Resolve?) throws(StorageError) {
        self.configuration = configuration
        self.resolve = resolve
        do {
            tls = configuration.endpoint.isSecure ? try configuration.security.context() : nil
        } catch {
            let failure = ClientFailure(error, endpoint: configuration.endpoint)
            throw StorageError("TLS to the board backend cannot be set up: \(failure)")
        }
        do throws(TokenKeyError) {
            // Whether a secret is strong enough was decided where it was read.
            issuer = try TokenIssuer(secret: configuration.secret, allowingWeak: true)
        } catch {
            throw StorageError("the secret for the board backend cannot be used: \(error)")
        }
    }

    /// What messages call it.
    var name: String { configuration.endpoint.httpDescription }

    /// The addresses that need no look-up; `nil` for a name.
    var spelledAddresses: [SocketAddress]? { resolve == nil ? configuration.endpoint.spelledAddresses : nil }

    /// Whether connections to it may be used for another one's requests.
    func sharesConnections(with other: BackendSite) -> Bool {
        configuration.endpoint.address == other.configuration.endpoint.address
            && configuration.endpoint.isSecure == other.configuration.endpoint.isSecure
            && configuration.security == other.configuration.security
            && configuration.responseBytesMax == other.configuration.responseBytesMax
    }

    /// Begins to connect to one of its addresses.
    func connect(to address: SocketAddress) throws(ClientStream.Failure) -> ClientStream {
        var session: TLSSession?
        if let tls {
            do throws(TLSError) {
                session = try TLSSession(tls, peerName: configuration.endpoint.host)
            } catch {
                throw ClientStream.Failure(reason: error.description)
            }
        }
        return try ClientStream(address, session, peer: name)
    }

    /// A request as it goes over the wire.
    ///
    /// - Parameter nanoseconds: The wall clock, since 1970.
    func request(_ request: BackendRequest, at nanoseconds: Int64) -> HTTPRequest {
        var fields: HTTPFields = [
            "Host": configuration.endpoint.authority, "User-Agent": "sessionctl", "Accept": "application/json",
            "Accept-Encoding": "gzip", "traceparent": Self.traceParent(),
        ]
        switch request {
        case .load(let room):
            fields.append("Authorization", "Bearer " + token(for: room, at: nanoseconds))
            let target = configuration.target(of: room, by: configuration.loadTemplate)
            return HTTPRequest(head: HTTPRequestHead(method: "GET", target: target, fields: fields))
        case .store(let room, let version, let body):
            fields.append("Authorization", "Bearer " + token(for: room, at: nanoseconds))
            fields.append("Idempotency-Key", "\(Self.fieldText(room)):\(version)")
            fields.append("Content-Type", "application/json")
            if body.isEmpty { fields.append("Content-Length", "0") }
            let target = configuration.target(of: room, by: configuration.storeTemplate)
            return HTTPRequest(head: HTTPRequestHead(method: "PUT", target: target, fields: fields), body: body)
        }
    }

    /// `{"iss":"sessionctl","aud":"backend","roomId":…,"exp":…}`, signed.
    private func token(for room: String, at nanoseconds: Int64) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("iss", "sessionctl")
            json.field("aud", "backend")
            json.field("roomId", room)
            json.field("exp", nanoseconds / 1_000_000_000 + Self.tokenSeconds)
        }
        return issuer.issue(payload: json.takeBytes())
    }

    /// A room as it may stand in a field (RFC 9110 §5.5): itself, or percent-encoded where it has more than ASCII, or a `%`,
    /// so that no two rooms are the same.
    private static func fieldText(_ room: String) -> String {
        let isPlain = room.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
        return isPlain ? room : PercentEncoding.encodeComponent(room)
    }

    /// `00-TRACE-SPAN-01` with random ids (W3C Trace Context §3.2).
    private static func traceParent() -> String {
        let bytes = SecureRandom.bytes(24)
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "00-" + digits[..<16].joined() + "-" + digits[16...].joined() + "-01"
    }
}
