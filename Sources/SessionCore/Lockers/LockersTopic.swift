/// The name under which the hub knows a namespace or a room of it.
enum LockersTopic {
    /// Stands in no namespace and no room.
    private static let separator = UInt8(ascii: "#")

    /// The topic of a room, or without one of the namespace itself.
    static func name(_ namespace: String, _ room: String?) -> String { room.map { "\(namespace)#\($0)" } ?? namespace }

    /// The room of a topic; `nil` where it is a namespace's.
    static func room(of topic: String) -> String? {
        topic.utf8.firstIndex(of: separator).map { String(topic[topic.utf8.index(after: $0)...]) }
    }
}
