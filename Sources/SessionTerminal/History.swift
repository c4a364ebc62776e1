/// The lines a person typed, oldest first, without those that carry a secret.
package struct History: Equatable, Sendable {
    /// The lines kept, oldest first; each is one line of text.
    package private(set) var lines: [String] = []
    /// How many lines are kept; older ones are forgotten.
    package let limit: Int

    /// Makes an empty history of at most `limit` lines.
    package init(limit: Int = 1000) {
        precondition(limit > 0, "a history that keeps nothing")
        self.limit = limit
    }

    /// What became of a line that was typed.
    package enum AddAction: Equatable {
        /// It was kept, in this form: the lines of one message are joined by spaces.
        case keep(String)
        /// It was empty, the same as the line before, or carried a secret.
        case forget
    }

    /// Records a line that was typed.
    @discardableResult
    package mutating func add(_ text: String) -> AddAction {
        let line = Self.joined(text)
        guard !line.isEmpty, line != lines.last, !Self.carriesSecret(line) else { return .forget }
        lines.append(line)
        if lines.count > limit { lines.removeFirst(lines.count - limit) }
        return .keep(line)
    }

    /// Whether a line holds something that reads like a credential: a field or header of such a name, or a token itself.
    ///
    /// It errs on the safe side: a harmless line that mentions a password is lost, a password is never stored.
    package static func carriesSecret(_ line: String) -> Bool {
        let folded = String(line.filter { $0 != "-" && $0 != "_" }).lowercased()
        return secretWords.contains { folded.contains($0) } || line.contains("eyJ")
    }

    /// Words that name credentials, without hyphens and underscores. `eyJ` starts every JSON Web Token (RFC 7519).
    private static let secretWords = [
        "token", "password", "passwd", "passphrase", "secret", "authorization", "bearer", "apikey", "cookie",
        "credential", "sessionid", "privatekey", "jwt",
    ]

    /// Joins the lines of one message: between the tokens of JSON a line feed means no more than a space.
    private static func joined(_ text: String) -> String {
        let pieces = text.split(whereSeparator: \.isNewline).map { piece in
            String(piece.drop(while: { $0 == " " || $0 == "\t" }))
        }
        return pieces.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
