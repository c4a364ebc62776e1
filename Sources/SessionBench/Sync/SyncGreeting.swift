import SessionBase
import SessionCodec

/// What each device says first: AUTH (PROTOCOLS §3.4).
struct SyncGreeting: ConversationOpening {
    private let roster: SyncRoster
    private let credentials: SyncCredentials

    /// Prepares the devices of a share.
    init(_ roster: SyncRoster, _ credentials: SyncCredentials) {
        self.roster = roster
        self.credentials = credentials
    }

    var subprotocols: [String] { [SyncProtocol.json] }

    /// A device's AUTH.
    func greeting(of device: Int) -> [Greeting]? {
        let session = roster.session(ofDevice: device)
        let digits = SyncRoster.digits(roster.number(ofSession: session))
        let authentication = SyncAuthentication(
            token: credentials.token(of: session),
            deviceID: roster.device(SyncRoster.digits(roster.number(ofDevice: device))), deviceType: .other,
            appVersion: "bench")
        let envelope = SyncEnvelope(sessionID: roster.sessionID(digits), userID: roster.user(digits))
        var bytes: [UInt8] = []
        SyncClientFrame(.auth(authentication), envelope: envelope).encode(tag: nil, to: &bytes)
        return [(.text, bytes)]
    }

    func greeted(by message: Span<UInt8>, kind: MessageKind, on device: Int) -> GreetingAnswer {
        guard kind == .text, let news = SyncNews.read(message) else { return .other }
        switch news.kind {
        case .authSuccess: return .welcome
        case .authFailure, .error:
            let code = news.code?.string(in: message) ?? "without a code"
            return .refusal("the server refused a device: \(code)\(credentials.advice)")
        default: return .other
        }
    }
}
