package import SessionBase

/// What happened, as one of the four kinds of event that the seed gives a type (seed 004, *Event Types*).
package enum LockersEvent: Equatable, Sendable {
    /// A locker is open now, or closed, or whatever else; for `/ws/lockers`.
    case lockerState(LockerStateChange)
    /// Somebody at a kiosk needs help; for `/ws/help`.
    case helpRequested(HelpRequest)
    /// A request for help moved on; for `/ws/help` (EXT).
    case helpStatus(HelpStatusChange)
    /// A command was carried out, or failed; for `/ws/events`.
    case commandApplied(AppliedCommand)

    /// The type on the wire.
    package var kind: LockersServerKind {
        switch self {
        case .lockerState: .lockerStateChanged
        case .helpRequested: .helpRequested
        case .helpStatus: .helpStatusUpdated
        case .commandApplied: .commandApplied
        }
    }

    /// Who hears it.
    package var namespace: String {
        switch self {
        case .lockerState: NamespacePath.lockers
        case .helpRequested, .helpStatus: NamespacePath.help
        case .commandApplied: NamespacePath.events
        }
    }

    /// The kiosk that it is about, which names the room where events go to rooms (4-10).
    package var kiosk: String? {
        switch self {
        case .lockerState(let change): change.kiosk
        case .helpRequested(let request): request.kiosk
        case .helpStatus: nil
        case .commandApplied(let command): command.kiosk
        }
    }

    /// The same event, with the times that it lacks (4-11).
    package func dated(_ now: Timestamp) -> LockersEvent {
        switch self {
        case .lockerState(var change):
            change.timestamp = change.timestamp ?? now
            return .lockerState(change)
        case .helpRequested(var request):
            request.timestamp = request.timestamp ?? now
            return .helpRequested(request)
        case .helpStatus(var change):
            change.timestamp = change.timestamp ?? now
            return .helpStatus(change)
        case .commandApplied(var command):
            command.timestamp = command.timestamp ?? now
            command.result.timestamp = command.result.timestamp ?? now
            return .commandApplied(command)
        }
    }
}

/// What a `locker_state_changed` says.
package struct LockerStateChange: Equatable, Sendable {
    /// Which locker.
    package var locker: String
    /// What it was.
    package var oldState: String
    /// What it is.
    package var newState: String
    /// Where it stands.
    package var kiosk: String
    /// When; `nil` where the server is to say.
    package var timestamp: Timestamp?

    /// Describes a change.
    package init(locker: String, oldState: String, newState: String, kiosk: String, timestamp: Timestamp? = nil) {
        self.locker = locker
        self.oldState = oldState
        self.newState = newState
        self.kiosk = kiosk
        self.timestamp = timestamp
    }
}

/// What a `help_requested` says; a photo and a note may be about patients and are never logged (4-21).
package struct HelpRequest: Equatable, Sendable {
    /// The request's number.
    package var id: Int64
    /// Where help is needed.
    package var kiosk: String
    /// Which locker.
    package var lockerNumber: Int64?
    /// What kind of help.
    package var category: String
    /// What the person wrote.
    package var note: String?
    /// Where a photo lies.
    package var photoURL: String?
    /// Where the request stands.
    package var status: String
    /// When it was made (4-12).
    package var createdAt: Timestamp
    /// When the event happened; `nil` where the server is to say.
    package var timestamp: Timestamp?

    /// Describes a request.
    package init(
        id: Int64, kiosk: String, lockerNumber: Int64? = nil, category: String, note: String? = nil,
        photoURL: String? = nil, status: String, createdAt: Timestamp, timestamp: Timestamp? = nil
    ) {
        self.id = id
        self.kiosk = kiosk
        self.lockerNumber = lockerNumber
        self.category = category
        self.note = note
        self.photoURL = photoURL
        self.status = status
        self.createdAt = createdAt
        self.timestamp = timestamp
    }
}

/// What a `help_status_updated` says (EXT).
package struct HelpStatusChange: Equatable, Sendable {
    /// The request's number.
    package var id: Int64
    /// Where it stood.
    package var oldStatus: String
    /// Where it stands.
    package var newStatus: String
    /// When; `nil` where the server is to say.
    package var timestamp: Timestamp?

    /// Describes a change.
    package init(id: Int64, oldStatus: String, newStatus: String, timestamp: Timestamp? = nil) {
        self.id = id
        self.oldStatus = oldStatus
        self.newStatus = newStatus
        self.timestamp = timestamp
    }
}

/// What a `command_applied` says.
package struct AppliedCommand: Equatable, Sendable {
    /// What became of a command.
    package struct Result: Equatable, Sendable {
        /// Whether it was carried out.
        package var isSuccess: Bool
        /// A sentence for people.
        package var message: String?
        /// When; `nil` where the server is to say.
        package var timestamp: Timestamp?
        /// What went wrong.
        package var error: String?

        /// Describes a result.
        package init(isSuccess: Bool, message: String? = nil, timestamp: Timestamp? = nil, error: String? = nil) {
            self.isSuccess = isSuccess
            self.message = message
            self.timestamp = timestamp
            self.error = error
        }
    }

    /// What was to be done, such as `open`.
    package var type: String
    /// With which locker.
    package var locker: String?
    /// At which kiosk.
    package var kiosk: String?
    /// Anything else.
    package var parameters: JSONFragment?
    /// What became of it.
    package var result: Result
    /// When the event happened; `nil` where the server is to say.
    package var timestamp: Timestamp?

    /// Describes a command.
    package init(
        type: String, locker: String? = nil, kiosk: String? = nil, parameters: JSONFragment? = nil, result: Result,
        timestamp: Timestamp? = nil
    ) {
        self.type = type
        self.locker = locker
        self.kiosk = kiosk
        self.parameters = parameters
        self.result = result
        self.timestamp = timestamp
    }
}
