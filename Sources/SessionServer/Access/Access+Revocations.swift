package import SessionBase
package import SessionCodec
package import SessionCore
import SessionCrypto
import Synchronization

/// What became of a wish to revoke.
package enum RevocationOutcome: Sendable {
    /// It is durable and in force for whoever comes from now on; live sockets are the loops' part.
    case made(Revocation)
    /// It is not, and this is the answer.
    case refused(HTTPResponse)
}

/// `GET`, `POST` and `DELETE /admin/revocations` (PROTOCOLS C17, §3.5).
extension Access {
    /// Documents that one request for a page asks for.
    private static let pageSize = 1000

    /// Makes a revocation of the body of a request: `{"user"|"jti"|"session"|"issued_before":"…"}`.
    ///
    /// - Parameter then: Called once, on any thread, perhaps before this returns.
    package func revoke(
        _ body: [UInt8], at time: Timestamp, then: @escaping @Sendable (RevocationOutcome) -> Void
    ) {
        // What is no object is answered like an object without a name in it.
        guard let object = try? JSONObject.parse(part: body, .payload), let target = Revocation.target(of: object)
        else {
            return then(
                .refused(
                    .error(
                        .badRequest, "INVALID_REVOCATION",
                        #"the body has exactly one of "user", "jti", "session" and "issued_before" (ISO 8601)"#)))
        }
        let id = Base64URL.encode(SecureRandom.bytes(12).span)
        let revocation = Revocation(id: id, target: target, createdAt: time)
        // In force at once, so that nobody slips in while it is being written.
        state.withLock { $0.revocations.insert(revocation) }
        desk.ask(revocation.write, at: time) { [self] reply in
            guard reply == .written else {
                state.withLock { _ = $0.revocations.remove(id) }
                return then(.refused(Self.unavailable))
            }
            then(.made(revocation))
        }
    }

    /// The answer to a revocation that closed so many sockets.
    package static func created(_ revocation: Revocation, closed: Int) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.field("id", revocation.id)
            json.field("closed", closed)
        }
        return .json(.created, json.takeBytes())
    }

    /// Lifts a revocation.
    ///
    /// - Parameter answer: Gets the whole answer, once, on any thread, perhaps before this returns.
    package func lift(_ id: String, at time: Timestamp, answer: @escaping @Sendable (HTTPResponse) -> Void) {
        desk.ask(.remove(Revocation.key(id)), at: time) { [self] reply in
            guard case .removed(let wasThere) = reply else { return answer(Self.unavailable) }
            let wasKnown = state.withLock { $0.revocations.remove(id) }
            guard wasThere || wasKnown else {
                return answer(.error(.notFound, "REVOCATION_NOT_FOUND", "there is no revocation of this id"))
            }
            answer(HTTPResponse(status: .noContent))
        }
    }

    /// Lists what is revoked, oldest first, as all lists of the admin API (PROTOCOLS §1.6).
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - cursor: How many to leave out: the `next_cursor` of an earlier answer.
    package func revocations(limit: Int, cursor: Int) -> HTTPResponse {
        let all = state.withLock { $0.revocations }.all
        let start = min(cursor, all.count)
        let end = min(start + limit, all.count)
        var json = JSONWriter()
        json.object { json in
            json.field("items") { json in
                json.array { json in for revocation in all[start..<end] { revocation.append(to: &json) } }
            }
            if end < all.count {
                json.field("next_cursor", String(end))
            } else {
                json.field("next_cursor") { $0.null() }
            }
            json.field("total", all.count)
            json.field("nodes", 1)
        }
        return .json(.ok, json.takeBytes())
    }

    // MARK: Loading

    /// Reads the list from the store, where it is not known and was not just asked for.
    func loadRevocations(at time: Timestamp) {
        let asks = state.withLock { state in
            let isRecent = state.askedForRevocationsAt.map {
                $0 <= time && time.milliseconds - $0.milliseconds < 1000
            }
            guard !state.hasRevocations, !state.isLoadingRevocations, isRecent != true else { return false }
            state.askedForRevocationsAt = time
            state.isLoadingRevocations = true
            return true
        }
        if asks { loadPage(after: nil, RevocationList(), at: time) }
    }

    private func loadPage(after name: String?, _ list: RevocationList, at time: Timestamp) {
        desk.ask(.list(.revocations, after: name, limit: Self.pageSize), at: time) { [self] reply in
            guard case .page(let page) = reply else {
                log(
                    .error, "revocations cannot be read, so that nobody with a token comes in; the store is unavailable"
                )
                state.withLock { $0.isLoadingRevocations = false }
                return release()
            }
            var list = list
            for document in page.documents {
                if let revocation = Revocation(document) {
                    list.insert(revocation)
                } else {
                    log(.error, "the stored revocation \(document.key.name) cannot be read and has no effect")
                }
            }
            if let next = page.next { return loadPage(after: next, list, at: time) }
            take(list)
        }
    }

    /// Puts the stored list in force, beside what was revoked meanwhile.
    private func take(_ stored: RevocationList) {
        state.withLock { state in
            var list = stored
            for revocation in state.revocations.all { list.insert(revocation) }
            state.revocations = list
            state.hasRevocations = true
            state.isLoadingRevocations = false
        }
        release()
    }

    private static let unavailable = HTTPResponse.error(
        .serviceUnavailable, "STORE_UNAVAILABLE", "the store cannot be reached; try again", retryAfter: 1)
}
