/// Where the payload of an event lies; valid until the next call of the connection.
package enum PayloadPlace: Equatable, Sendable {
    /// In the input, unmasked where it was received.
    case input(Range<Int>)
    /// In ``Connection/assembled``.
    case assembled
    /// In ``Connection/control``: a control frame that came in several pieces.
    case control
}

/// What a connection found in its input. Trivial: payloads stay where they are.
package enum ConnectionEvent: Equatable, Sendable {
    /// All input is consumed; or, with the cursor before its end, the connection waits for an answer to a request, and the
    /// driver keeps the rest and gives it again afterwards.
    case needsInput
    /// Server: a complete HTTP request that asks for no WebSocket. Take it with ``Connection/takeRequest()`` and answer
    /// with ``Connection/respond(_:output:)``; nothing further is parsed until then.
    case request
    /// Server: a valid handshake. Take it with ``Connection/takeRequest()`` and answer with
    /// ``Connection/accept(subprotocol:compression:fields:output:)`` or ``Connection/respond(_:output:)``.
    case upgrade
    /// Client: a complete HTTP response, which may refuse the handshake; see ``Connection/takeResponse()``.
    case response
    /// Client: the handshake succeeded.
    case opened
    /// A complete message.
    case message(MessageKind, PayloadPlace)
    /// A Ping; its Pong is in the output already, unless ``Connection/answersPings`` is off or a Close was sent.
    case ping(PayloadPlace)
    /// A Pong.
    case pong(PayloadPlace)
    /// The peer closes, `.noStatus` where it gave no code; see ``Connection/closeReason``. The answer is in the output.
    case closeReceived(CloseCode)
    /// The peer broke a rule, see ``Connection/failure``; `.abnormal` where it vanished. The Close frame, or the HTTP
    /// error, is in the output; nothing more is read.
    case failed(CloseCode)
}
