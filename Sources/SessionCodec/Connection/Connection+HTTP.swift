import SessionBase

/// The HTTP phase: messages in, for both roles.
extension Connection {
    /// Bytes of a request or response have arrived, but not all.
    package var isInsideRequest: Bool { http.first.map { !$0.parser.isBetweenMessages } ?? false }

    /// The target of a request whose body was refused; `nil` where not even its head could be read.
    package var refusedTarget: String? { http.first?.parser.target }

    /// Reads up to the end of one message.
    @inline(never)
    mutating func receiveHTTP(
        _ input: Span<UInt8>, from cursor: inout Int, output: inout [UInt8]
    ) -> ConnectionEvent {
        guard http[0].request == nil else { return .needsInput }
        do throws(HTTPParseError) {
            while let message = try http[0].parser.parse(input, from: &cursor) {
                switch message {
                case .request(let request): return hear(request, output: &output)
                case .response(let response): return hear(response)
                case .interim: continue
                }
            }
            if http[0].parser.takeContinue() {
                http[0].write(to: &output) { $0.append(literal: HTTPResponse.continueLine) }
            }
            return .needsInput
        } catch {
            cursor = input.count
            if client.isEmpty {
                http[0].write(to: &output) { error.response.append(to: &$0, keepsAlive: false) }
            }
            return failHTTP(.http(error))
        }
    }

    private mutating func hear(_ request: HTTPRequest, output: inout [UInt8]) -> ConnectionEvent {
        guard request.head.fields.containsToken("upgrade", "websocket") else {
            http[0].request = request
            return .request
        }
        if let refusal = HandshakeRefusal(request.head) {
            http[0].write(to: &output) {
                refusal.response.append(to: &$0, keepsAlive: false, answersHead: request.head.method == "HEAD")
            }
            return failHTTP(.refused(refusal))
        }
        http[0].request = request
        return .upgrade
    }

    private mutating func hear(_ response: HTTPResponse) -> ConnectionEvent {
        client[0].response = response
        http[0].isAwaitingResponse = false
        guard response.status == .switchingProtocols else { return .response }
        do throws(HandshakeFailure) {
            guard let handshake = http[0].handshake else { throw .notAsked }
            let agreement = try handshake.verify(response)
            client[0].subprotocol = agreement.subprotocol
            open(agreement.deflate, messageBytesMin: handshake.compression?.messageBytesMin ?? 0)
            return .opened
        } catch {
            return failHTTP(.handshake(error))
        }
    }

    private mutating func failHTTP(_ failure: ConnectionFailure) -> ConnectionEvent {
        http[0].failure = failure
        finish()
        return .failed(.protocolError)
    }

    /// Decides what the end of the input means: a request that waits for its answer is the last one.
    mutating func receiveEndOfHTTP() -> ConnectionEvent {
        if http[0].request != nil {
            http[0].isInputEnded = true
            return .needsInput
        }
        finish()
        do throws(HTTPParseError) {
            if case .response(let response) = try http[0].parser.finish() {
                http[0].isAwaitingResponse = false
                client[0].response = response
                return .response
            }
            return http[0].isAwaitingResponse ? .failed(.abnormal) : .needsInput
        } catch {
            http[0].failure = .http(error)
            return .failed(.abnormal)
        }
    }
}
