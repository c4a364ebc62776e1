/// The statements that a table is worked with; each is compiled once for each table and connection.
enum SQLiteQuery: Int, CaseIterable {
    /// The document of name 1 that is not over at 2.
    case find
    /// The row of name 1, over or not, without its body: `id, version, created_at, expires_at`.
    case peek
    /// A new row: name, owner, version, creation, update, expiry, size, body.
    case insert
    /// New contents for name 1 where it has version 2, owner 3 and is not over at 4: version, update, expiry, size, body.
    case rewrite
    /// Everything but the name of row 1: owner, version, creation, update, expiry, size, body.
    case replace
    /// Moves the end of name 1, which is still at 2, to 3.
    case extend
    /// Removes name 1 that is not over at 2 and, where 3 is given, has that version.
    case remove
    /// Removes what owner 1 has up to name 2 and is not over at 3: the names.
    case trim
    /// The document of owner 1 not over at 2 that was updated last.
    case newest
    /// At most 3 documents after name 1, in the order of names, that are not over at 2.
    case page
    /// The same of owner 4.
    case ownedPage
    /// How many are not over at 1.
    case count
    /// How many of owner 1 are not over at 2.
    case ownedCount
    /// Figures over all that are not over at 1, and of those created since 2.
    case statistics
    /// The last of the 2 rows that follow row 1.
    case sweepEnd
    /// Removes what is over at 3 between the rows 1 and 2, the latter included.
    case sweep

    private static let document = "name, owner, version, created_at, updated_at, expires_at, size, body"

    /// The statement's text for one table.
    func sql(_ table: String) -> String {
        switch self {
        case .find: "SELECT \(Self.document) FROM \(table) WHERE name = ?1 AND expires_at > ?2"
        case .peek: "SELECT id, version, created_at, expires_at FROM \(table) WHERE name = ?1"
        case .insert: "INSERT INTO \(table) (\(Self.document)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        case .rewrite:
            """
            UPDATE \(table) SET version = ?5, updated_at = ?6, expires_at = ?7, size = ?8, body = ?9
            WHERE name = ?1 AND version = ?2 AND owner IS ?3 AND expires_at > ?4
            """
        case .replace:
            """
            UPDATE \(table) SET owner = ?2, version = ?3, created_at = ?4, updated_at = ?5, expires_at = ?6, size = ?7,
                body = ?8 WHERE id = ?1
            """
        case .extend: "UPDATE \(table) SET expires_at = ?3 WHERE name = ?1 AND expires_at = ?2"
        case .remove: "DELETE FROM \(table) WHERE name = ?1 AND expires_at > ?2 AND (?3 IS NULL OR version = ?3)"
        case .trim: "DELETE FROM \(table) WHERE owner = ?1 AND name <= ?2 AND expires_at > ?3 RETURNING name"
        case .newest:
            """
            SELECT \(Self.document) FROM \(table) WHERE owner = ?1 AND expires_at > ?2
            ORDER BY updated_at DESC, name DESC LIMIT 1
            """
        case .page:
            "SELECT \(Self.document) FROM \(table) WHERE name > ?1 AND expires_at > ?2 ORDER BY name LIMIT ?3"
        case .ownedPage:
            """
            SELECT \(Self.document) FROM \(table) WHERE owner = ?4 AND name > ?1 AND expires_at > ?2
            ORDER BY name LIMIT ?3
            """
        case .count: "SELECT count(*) FROM \(table) WHERE expires_at > ?1"
        case .ownedCount: "SELECT count(*) FROM \(table) WHERE owner = ?1 AND expires_at > ?2"
        case .statistics:
            """
            SELECT count(*), total(created_at >= ?2), total(size), total(length(body) - 1),
                total(length(body) - 1 < size) FROM \(table) WHERE expires_at > ?1
            """
        case .sweepEnd: "SELECT max(id) FROM (SELECT id FROM \(table) WHERE id > ?1 ORDER BY id LIMIT ?2)"
        case .sweep: "DELETE FROM \(table) WHERE id > ?1 AND id <= ?2 AND expires_at <= ?3"
        }
    }
}
