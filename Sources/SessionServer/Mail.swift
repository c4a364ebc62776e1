import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO
import SessionStorage

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
    /// What the store answers to this loop's machine.
    case stored([StoreAnswer])
    /// What the boards' backend answers to this loop's machine.
    case backed([BackendAnswer])
    /// An HTTP request that this loop's machine answers.
    case requested(RequestTicket, ServiceCall)
    /// The answer to an HTTP request of this loop.
    case responded(number: UInt64, HTTPResponse)
    /// What became of a credential that a connection of this loop showed.
    case judged(ConnectionID, AccessVerdict)
    /// The first half of what a request asked for is done, and it waits for what all loops have to do.
    case proceed(Operation, number: UInt64)
    /// There are frames for the reader of a trace.
    case traced(ConnectionID)
    /// What a machine of another loop sends to this loop's machine of the same service.
    case parcel(Parcel, from: Int)
    /// What the operator's endpoint answered.
    case hooked(UInt64, HookReply)
    /// Something that administrators' connections are told.
    case inform([UInt8])
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

/// Names the request that an answer is gathered for.
struct GatherTicket: Sendable, Equatable {
    let loop: Int
    let number: UInt64
}
