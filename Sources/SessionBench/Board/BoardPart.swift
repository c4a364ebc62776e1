/// The places of a board load's parts of requests, as ``BoardLoad/operations`` names them.
enum BoardPart {
    static let (author, last, cursor, ack) = (0, 1, 2, 3)
}
