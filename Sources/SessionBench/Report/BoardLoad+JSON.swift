import SessionCodec

/// A load on whiteboard rooms in a document: everything but the secret.
extension BoardLoad {
    /// What a reader needs to repeat the load.
    var document: JSONValue {
        [
            "name": "board", "mode": .string(mode.rawValue), "rooms": .whole(rooms), "shapes": .whole(shapes),
            "cursor_rate_per_second": .real(cursorRate), "change_rate_per_second": .real(changeRate),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        guard let mode = Mode(rawValue: try place.text("mode")) else {
            throw try place.at("mode").error("must be seed or v2")
        }
        self.init(mode)
        rooms = try place.int("rooms")
        shapes = try place.int("shapes")
        cursorRate = try place.double("cursor_rate_per_second")
        changeRate = try place.double("change_rate_per_second")
    }
}
