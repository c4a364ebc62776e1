import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

/// What one loop tells another.
enum Mail: Sendable {
    /// A socket that loop 0 accepted for this loop.
    case accepted(AcceptedSocket)
    /// A connection whose entity lives here.
    case arrived(Traveller)
    /// Asks for this loop's part of an answer.
    case query(Query, ticket: GatherTicket)
    /// A loop's part of an answer.
    case answer(LoopReport, ticket: GatherTicket)
    /// The node's drain has changed its state. Mail of two senders may arrive in any order, so the state itself is read
    /// where it is kept, in the node.
    case drain
    /// A new configuration is in force (C12).
    case configuration(ServerConfiguration, TLSContext?)
    /// The last socket is gone, or nobody waits for it any more.
    case stop
}

/// A socket on its way from the acceptor to the loop that will serve it.
struct AcceptedSocket: Sendable {
    let descriptor: CInt
    let address: SocketAddress
    let listener: UInt8
}

/// A connection on its way to the loop that owns its user, and the message that revealed the user.
struct Traveller: Sendable {
    var connection: ServerConnection
    let passenger: AwarenessMachine.Passenger
    let message: [UInt8]
}

/// Names the request that an answer is gathered for.
struct GatherTicket: Sendable, Equatable {
    let loop: Int
    let number: UInt64
}
