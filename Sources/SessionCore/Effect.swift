package import SessionBase
package import SessionCodec

/// What a machine wants done, in the order in which it must happen.
///
/// Effects are plain numbers: the messages lie encoded in ``Effects/bytes``, so that a request and its reply cost no
/// allocation, and one encoding serves a whole audience.
package enum Effect: Equatable, Sendable {
    /// Sends one message to one connection.
    case send(EncodedMessage, to: ConnectionID)
    /// Sends one message to every connection of an audience, encoded and framed once.
    case publish(EncodedMessage, to: Audience)
    /// Closes a connection with a Close frame, after everything that was sent to it before is flushed.
    case close(ConnectionID, CloseCode)
    /// Hands a connection to the loop that owns its entity. Awareness receives the message that revealed it again there;
    /// sync, which may ask for the move at any event, has dealt with it.
    case move(ConnectionID, shard: Int)
    /// Handles no further message of a connection, and soon reads none, until ``resume(_:)`` (PROTOCOLS C6).
    case pause(ConnectionID)
    /// Goes on with what a paused connection sent.
    case resume(ConnectionID)
    /// Has a credential verified; the verdict comes back as an event. The bytes are the token's.
    case authenticate(ConnectionID, EncodedMessage)
    /// Asks the store for the entry of ``Effects/requests`` at this index; its reply comes back as an event.
    case store(Int)
    /// Answers an HTTP request with the entry of ``Effects/responses`` at this index.
    case respond(RequestTicket, Int)
    /// Tells every administrator's connection of the node (PROTOCOLS §3.4, ADMIN_UPDATE). The bytes are the payload's.
    case inform(EncodedMessage)
    /// Makes a connection a member of a group.
    case join(ConnectionID, GroupID)
    /// Takes a connection out of a group; one that is closed is still told so.
    case leave(ConnectionID, GroupID)
    /// Sends the entry of ``Effects/multicasts`` at this index to the members of its group at this point of the list,
    /// framed once, compressed once for each set of parameters.
    case multicast(Int)
    /// Hands the entry of ``Effects/parcels`` at this index to the same machine of another loop.
    case post(Int, loop: Int)
    /// Calls the operator's endpoint with the entry of ``Effects/hooks`` at this index; the reply, where one is waited for,
    /// comes back as an event.
    case hook(Int)
    /// Asks the boards' backend for the entry of ``Effects/backends`` at this index; its reply comes back as an event.
    case backend(Int)
}

/// Names an HTTP request that a machine was handed, and the loop whose connection waits for the answer.
package struct RequestTicket: Hashable, Sendable {
    /// The loop that asked.
    package var loop: Int
    /// That loop's own number for the request.
    package var number: UInt64

    /// Names a request.
    package init(loop: Int, number: UInt64) {
        self.loop = loop
        self.number = number
    }
}

/// Where an encoded message lies in ``Effects/bytes``.
package struct EncodedMessage: Equatable, Sendable {
    /// Offset of its first byte.
    package var start: Int
    /// Its length in bytes.
    package var count: Int
    /// Whether it goes out as a binary message.
    package var isBinary = false
    /// The same as a range.
    package var range: Range<Int> { start..<start + count }
}

/// Which entries of ``Effects/members`` a message is published to.
package struct Audience: Equatable, Sendable {
    /// Index of the first member.
    package var start: Int
    /// How many members there are.
    package var count: Int
    /// The same as a range.
    package var range: Range<Int> { start..<start + count }
}

/// The list that machines append to and drivers carry out; emptied and used again, so that its storage is allocated once.
package struct Effects: Sendable {
    /// The effects, oldest first.
    package private(set) var list: [Effect] = []
    /// The encoded messages of the effects, one after the other.
    package private(set) var bytes: [UInt8] = []
    /// The members of all audiences, one audience after the other.
    package private(set) var members: [ConnectionID] = []
    /// Where the last ``Effect/move(_:shard:)`` of the list goes; `nil` where there is none.
    package private(set) var shard: Int?
    /// Whether the list holds a pause or a move, so that it must be carried out before another message is handled.
    package private(set) var interrupts = false
    /// Whether the list holds nothing but messages to one connection each, which most lists do.
    package private(set) var onlySends = true
    /// What the store is asked for, each with the machine's number for it.
    package private(set) var requests: [(ticket: UInt64, request: StoreRequest)] = []
    /// The answers to HTTP requests.
    package private(set) var responses: [HTTPResponse] = []

    /// What is sent to groups.
    package private(set) var multicasts: [Multicast] = []
    /// What is sent to other loops.
    package private(set) var parcels: [Parcel] = []
    /// What the operator's endpoint is told.
    package private(set) var hooks: [HookCall] = []
    /// What the boards' backend is asked for, each with the machine's number for it.
    package private(set) var backends: [(ticket: UInt64, request: BackendRequest)] = []

    private static let keptBytesMax = 8 * 1024

    /// Makes an empty list.
    package init() {}

    /// Forgets everything and keeps the storage.
    ///
    /// The bytes of earlier messages stay until some thousand have come together: clearing an array costs more than
    /// encoding a message, and messages are found by their offsets.
    package mutating func removeAll() {
        if list.count == 1 { list.removeLast() } else { list.removeAll(keepingCapacity: true) }
        if bytes.count > Self.keptBytesMax { bytes.removeAll(keepingCapacity: true) }
        if onlySends { return }
        onlySends = true
        if interrupts { (interrupts, shard) = (false, nil) }
        if !requests.isEmpty { requests.removeAll(keepingCapacity: true) }
        if !responses.isEmpty { responses.removeAll(keepingCapacity: true) }
        if !members.isEmpty { members.removeAll(keepingCapacity: true) }
        if !multicasts.isEmpty { multicasts.removeAll(keepingCapacity: true) }
        if !parcels.isEmpty { parcels.removeAll(keepingCapacity: true) }
        if !hooks.isEmpty { hooks.removeAll(keepingCapacity: true) }
        if !backends.isEmpty { backends.removeAll(keepingCapacity: true) }
    }

    /// Takes the messages out, for a driver that sends them while it changes itself; ``giveBack(_:)`` puts them back.
    package mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes = []
        return taken
    }

    /// Puts back what ``takeBytes()`` took.
    package mutating func giveBack(_ taken: consuming [UInt8]) { bytes = taken }

    /// Adds what is no message to one connection.
    private mutating func add(_ effect: Effect) {
        list.append(effect)
        onlySends = false
    }

    /// Encodes one message to the end of ``bytes``.
    package mutating func encode(_ write: (inout [UInt8]) -> Void) -> EncodedMessage {
        let start = bytes.count
        write(&bytes)
        return EncodedMessage(start: start, count: bytes.count - start)
    }

    /// Sends an encoded message to one connection.
    package mutating func send(_ message: EncodedMessage, to connection: ConnectionID) {
        list.append(.send(message, to: connection))
    }

    /// Publishes an encoded message to the connections listed.
    package mutating func publish(_ message: EncodedMessage, to connections: some Collection<ConnectionID>) {
        let start = members.count
        members.append(contentsOf: connections)
        add(.publish(message, to: Audience(start: start, count: members.count - start)))
    }

    /// Closes a connection once everything sent to it before is flushed.
    package mutating func close(_ connection: ConnectionID, _ code: CloseCode) { add(.close(connection, code)) }

    /// Stops handling what a connection sends.
    package mutating func pause(_ connection: ConnectionID) {
        add(.pause(connection))
        interrupts = true
    }

    /// Goes on with a paused connection.
    package mutating func resume(_ connection: ConnectionID) { add(.resume(connection)) }

    /// Has a credential verified.
    package mutating func authenticate(_ connection: ConnectionID, _ token: EncodedMessage) {
        add(.authenticate(connection, token))
    }

    /// Asks the store; the reply comes back under `ticket`.
    package mutating func store(_ ticket: UInt64, _ request: StoreRequest) {
        add(.store(requests.count))
        requests.append((ticket, request))
    }

    /// Answers an HTTP request.
    package mutating func respond(_ ticket: RequestTicket, _ response: HTTPResponse) {
        add(.respond(ticket, responses.count))
        responses.append(response)
    }

    /// Tells every administrator.
    package mutating func inform(_ payload: EncodedMessage) { add(.inform(payload)) }

    /// Makes a connection a member of a group.
    package mutating func join(_ connection: ConnectionID, _ group: GroupID) { add(.join(connection, group)) }

    /// Takes a connection out of a group.
    package mutating func leave(_ connection: ConnectionID, _ group: GroupID) { add(.leave(connection, group)) }

    /// Sends a message to a group.
    package mutating func multicast(_ multicast: Multicast) {
        add(.multicast(multicasts.count))
        multicasts.append(multicast)
    }

    /// Sends a parcel to another loop.
    package mutating func post(_ parcel: Parcel, to loop: Int) {
        add(.post(parcels.count, loop: loop))
        parcels.append(parcel)
    }

    /// Calls the operator's endpoint.
    package mutating func hook(_ call: HookCall) {
        add(.hook(hooks.count))
        hooks.append(call)
    }

    /// Asks the boards' backend; the reply comes back under `ticket`.
    package mutating func backend(_ ticket: UInt64, _ request: BackendRequest) {
        add(.backend(backends.count))
        backends.append((ticket, request))
    }

    /// Hands a connection to another loop.
    package mutating func move(_ connection: ConnectionID, toShard shard: Int) {
        add(.move(connection, shard: shard))
        self.shard = shard
        interrupts = true
    }
}
