import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// Where Redis is, for all links of a worker: its addresses, TLS, and what it wants to know of us.
///
/// A name's addresses are taken in turn, and looked up again a second after the last time: where a server moves, links
/// follow it. The look-up may take long, and holds up nothing but the worker's thread, which has nothing to talk to then.
final class RedisPlace {
    private static let lifetime = Duration.seconds(1)

    private let address: RedisAddress
    private let tls: TLSContext?
    private var known: [SocketAddress] = []
    private var knownUntil: Instant?
    private var attempts = 0

    /// Describes a place.
    init(_ address: RedisAddress, _ tls: TLSContext?) {
        self.address = address
        self.tls = tls
    }

    /// What messages call it: the URL without the password.
    var name: String { address.publicDescription }

    /// The address for the next attempt.
    func nextAddress(at now: Instant) throws(RedisConnection.Failure) -> SocketAddress {
        guard case .host(let host, let port) = address.address else {
            guard case .unix(let path) = address.address else { preconditionFailure("a third kind of address") }
            return .unix(path: path)
        }
        if knownUntil.map({ now >= $0 }) ?? true {
            do throws(ResolutionError) {
                known = try Resolver.addresses(host: host, port: port)
            } catch {
                throw RedisConnection.Failure(reason: "\(error)")
            }
            knownUntil = now + Self.lifetime
        }
        attempts += 1
        return known[(attempts - 1) % known.count]
    }

    /// Begins TLS; `nil` where there is none.
    func secureSession() throws(RedisConnection.Failure) -> TLSSession? {
        guard let tls, case .host(let host, _) = address.address else { return nil }
        do throws(TLSError) {
            return try TLSSession(tls, peerName: host)
        } catch {
            throw RedisConnection.Failure(reason: "\(error)")
        }
    }

    /// What is sent first: who we are, and which database is meant.
    var greeting: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = address.password {
            var command = RedisCommand("AUTH")
            if let user = address.user { command.append(user) }
            command.append(password)
            commands.append(command)
        }
        if address.database > 0 { commands.append(RedisCommand("SELECT", String(address.database))) }
        return commands
    }
}
