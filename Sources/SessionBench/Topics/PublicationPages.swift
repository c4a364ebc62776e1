import SessionBase
import SessionCodec

/// How publications are written, over HTTP or a WebSocket: a page for each kind of them, encoded once and copied.
struct PublicationPages: ~Copyable {
    /// What a publication is, beside its numbers.
    struct Kind: Equatable {
        /// The namespace's place among those of the load; 0 for channels.
        var namespace = 0
        var isForRoom = false
        /// Whether it is the namespace's typed event.
        var isTyped = false
        /// Whether it is its publisher's last in its topic.
        var isLast = false

        /// All kinds of a load.
        static func all(_ load: TopicLoad) -> [Kind] {
            guard load.kind == .lockers else { return [Kind(), Kind(isLast: true)] }
            return load.namespaces.indices.flatMap { namespace in
                [(false, false), (true, false), (false, true)].flatMap { room, typed in
                    [false, true].map { Kind(namespace: namespace, isForRoom: room, isTyped: typed, isLast: $0) }
                }
            }
        }
    }

    private let roster: TopicRoster
    private let kinds: [Kind]
    private let requests: [RequestTemplate]
    private let messages: MaskedTemplates
    private let text: PublicationText

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ roster: TopicRoster, _ text: PublicationText) {
        self.roster = roster
        self.text = text
        kinds = Kind.all(roster.load)
        let writer = PublicationWords(share.plan, roster.load, text)
        requests =
            roster.load.way == .socket
            ? []
            : kinds.map { kind in
                RequestTemplate(
                    "POST \(writer.path(of: kind))", authority: share.plan.authority,
                    fields: share.plan.headers.map { ($0.name, $0.value) }, body: writer.body(of: kind))
            }
        messages = MaskedTemplates(roster.load.way == .socket ? kinds.map(writer.message) : [], share)
    }

    /// The longest request or frame.
    var bytesMax: Int { max(messages.frameBytesMax, requests.map(\.count).max() ?? 0) }

    /// Writes a publication for the connection that sends it; answers come in the order of publications.
    func write(_ publication: Publication, _ kind: Kind, to link: Int, _ desk: inout Desk) {
        guard let page = kinds.firstIndex(of: kind) else { preconditionFailure("a publication without a page") }
        let numbers = numbers(of: publication)
        if roster.load.way == .socket {
            let copy = messages.append(page, to: &desk.frames)
            for (slot, number) in numbers { messages.set(slot, number, in: copy, of: &desk.frames) }
            desk.send(to: link, from: copy.start)
        } else {
            let copy = requests[page].append(to: &desk.frames, credential: [])
            for (slot, number) in numbers { requests[page].set(slot, number, in: copy, of: &desk.frames) }
            desk.send(to: link, from: copy.start)
        }
    }

    private func numbers(of publication: Publication) -> [(RequestTemplate.Slot, UInt64)] {
        let room = roster.load.kind == .fanout ? publication.topic : roster.namespace(of: publication.topic).room ?? 0
        return [
            (.session, UInt64(room)), (.device, UInt64(publication.publisher)), (.target, UInt64(publication.topic)),
            (.mark, publication.number),
            (.planned, publication.accepted ?? PublicationText.digits(publication.intended)),
            (.sent, PublicationText.digits(publication.sent)),
        ]
    }
}

/// The words around publications: paths, bodies and messages with placeholders.
struct PublicationWords {
    /// What the shortest publication has around its text.
    static let frameBytes = #"{"type":"bench","data":""}"#.utf8.count

    private let load: TopicLoad
    private let text: PublicationText
    private let filling: String

    /// Prepares the filling: publications have the plan's length as subscribers get them, but for what servers add.
    init(_ plan: LoadPlan, _ load: TopicLoad, _ text: PublicationText) {
        self.load = load
        self.text = text
        let count = plan.payloadBytes - PublicationText.count - Self.frameBytes
        var random = SeededRandom(seed: plan.seed)
        filling = String(
            decoding: (0..<max(0, count)).map { _ in UInt8(ascii: "a") + UInt8(random.next() & 15) }, as: UTF8.self)
    }

    private func value(_ kind: PublicationPages.Kind) -> String { text.template(isLast: kind.isLast) + filling }

    /// Where it is posted.
    func path(of kind: PublicationPages.Kind) -> String {
        guard load.kind == .lockers else { return "/api/v1/ws/broadcast" }
        guard kind.isTyped, let event = Self.event(of: load.namespaces[kind.namespace]) else {
            return "/api/websocket/broadcast"
        }
        return "/api/websocket/events/\(event.path)"
    }

    /// What is posted.
    func body(of kind: PublicationPages.Kind) -> String {
        let digits = RequestTemplate.Slot.session.placeholder
        guard load.kind == .lockers else {
            let channel = TopicRoster.channel(text.name, digits)
            return #"{"channel":"\#(channel)","message":{"type":"bench","data":"\#(value(kind))"}}"#
        }
        let namespace = load.namespaces[kind.namespace]
        if kind.isTyped, let event = Self.event(of: namespace) { return event.body(text.template(isLast: kind.isLast)) }
        let room = kind.isForRoom ? #","room":"\#(TopicRoster.room(digits))""# : ""
        return #"{"namespace":"\#(namespace)","event":"bench","data":"\#(value(kind))"\#(room)}"#
    }

    /// What a WebSocket sends.
    func message(of kind: PublicationPages.Kind) -> String {
        #"{"type":"publish",\#(body(of: kind).dropFirst())"#
    }

    /// The typed event of a namespace; `nil` for a namespace of the operator's own.
    static func event(of namespace: String) -> (path: String, body: (String) -> String)? {
        switch namespace.split(separator: "/").last {
        case "lockers":
            (
                "locker-state",
                { #"{"lockerId":"\#($0)","oldState":"closed","newState":"open","kioskId":"bench"}"# }
            )
        case "help":
            (
                "help-requested",
                {
                    #"{"id":1,"kiosk_id":"bench","category":"access_issue","note":"\#($0)","status":"open","#
                        + #""created_at":"2024-01-15T10:30:00.000Z"}"#
                }
            )
        case "events":
            (
                "command-applied",
                { #"{"command":{"type":"open","lockerId":"\#($0)"},"result":{"success":true}}"# }
            )
        default: nil
        }
    }
}
