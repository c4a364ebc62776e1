/// What may be shown of values that can be URLs with a password in them.
enum URLText {
    /// What stands in the place of a password.
    static let hidden = "********"

    /// The text with the password of its URL hidden; `nil` where it has none.
    ///
    /// - Parameter text: Such as `redis://user:secret@host:6379/0`, of which `redis://user:********@host:6379/0` is left,
    ///   or `redis://secret@host`, where a name alone is taken for a password, as Redis does.
    static func withoutPassword(_ text: String) -> String? {
        var start = text.startIndex
        while !text[start...].hasPrefix("://") {
            guard start < text.endIndex else { return nil }
            start = text.index(after: start)
        }
        start = text.index(start, offsetBy: 3)
        let authority = text[start...].prefix { $0 != "/" && $0 != "?" }
        // Of several, the last at sign ends the password, which may hold one by mistake.
        guard let end = authority.lastIndex(of: "@") else { return nil }
        guard let colon = authority[..<end].firstIndex(of: ":") else { return text[..<start] + hidden + text[end...] }
        return text[...colon] + hidden + text[end...]
    }
}
