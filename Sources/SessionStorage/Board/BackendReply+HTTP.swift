import SessionCodec
import SessionCore

/// What an answer of the backend means (PROTOCOLS §5.4).
extension BackendReply {
    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - isCut: Whether nothing but the end of the connection says that the body is whole. An empty one of these is no
    ///     empty board: a backend that dies in the middle of an answer leaves the same.
    ///   - bytesMax: The longest body, once it is decompressed.
    init(_ response: HTTPResponse, to request: BackendRequest, isCut: Bool, bytesMax: Int) {
        self =
            switch (response.status.rawValue, request) {
            case (200..<300, .store): .stored
            case (200..<300, .load): Self.board(response, isCut: isCut, bytesMax: bytesMax)
            case (404, .load): .absent
            case (409, .store): .conflict
            case (408, _), (429, _), (500..., _): .unavailable("it answers with status \(response.status.rawValue)")
            case (let status, _): .refused(status: status)
            }
    }

    private static func board(_ response: HTTPResponse, isCut: Bool, bytesMax: Int) -> BackendReply {
        let whole: HTTPResponse
        do throws(Zlib.Failure) {
            whole = try response.gunzipped(bytesMax: bytesMax)
        } catch {
            return .unavailable("its answer is announced as gzip and cannot be read as that")
        }
        guard whole.body.isEmpty else { return .board(whole.body) }
        return isCut ? .unavailable("it ended the connection before a board came") : .absent
    }
}
