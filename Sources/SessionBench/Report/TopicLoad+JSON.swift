import SessionCodec

/// A load on topics in a document: everything but the ids of sessions, which are credentials.
extension TopicLoad {
    /// What a reader needs to repeat the load.
    var document: JSONValue {
        var object = JSONObject()
        object["name"] = .string(kind.rawValue)
        object["publishers"] = .whole(publishers)
        object["way"] = .string(way.rawValue)
        switch kind {
        case .fanout:
            object["channels"] = .whole(channels)
            object["joined"] = .whole(slots)
            object["stuck_ratio"] = .real(stuckRatio)
            object["away_ns"] = away.map { .nanoseconds($0) } ?? .null
        case .lockers:
            object["namespaces"] = .texts(namespaces)
            object["rooms"] = .whole(rooms)
            object["room_ratio"] = .real(roomRatio)
            object["to_room_ratio"] = .real(roomCastRatio)
            object["typed_ratio"] = .real(typedRatio)
            object["move_ratio"] = .real(moveRatio)
        }
        return .object(object)
    }

    /// Reads what ``document`` writes.
    init(_ kind: Kind, reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(kind)
        publishers = try place.int("publishers")
        guard let way = Way(rawValue: try place.text("way")) else {
            throw try place.at("way").error("must be http or socket")
        }
        self.way = way
        switch kind {
        case .fanout: try readChannels(place)
        case .lockers: try readNamespaces(place)
        }
    }

    private mutating func readChannels(_ place: DocumentPlace) throws(BenchDocumentError) {
        channels = try place.int("channels")
        joined = try place.int("joined")
        stuckRatio = try place.double("stuck_ratio")
        if place.optional("away_ns") != nil { away = try place.duration("away_ns") }
    }

    private mutating func readNamespaces(_ place: DocumentPlace) throws(BenchDocumentError) {
        namespaces = try place.texts("namespaces")
        rooms = try place.int("rooms")
        roomRatio = try place.double("room_ratio")
        roomCastRatio = try place.double("to_room_ratio")
        typedRatio = try place.double("typed_ratio")
        moveRatio = try place.double("move_ratio")
    }
}
