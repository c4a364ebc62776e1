import SessionBase
import SessionClient
import SessionCodec

/// What the interactive client's commands answer; whole texts, without colour and not yet escaped.
enum SlashHelp {
    /// The commands, or one of them.
    static func text(of name: String?) -> String {
        guard let name else {
            let lines = SlashCommand.table.map { entry in
                "/\(entry.name) \(entry.usage)".padded(to: 24) + entry.summary
            }
            return (lines + ["Everything else is sent as a text message; //text sends /text."]).joined(separator: "\n")
        }
        let bare = name.hasPrefix("/") ? name.dropFirst() : name[...]
        guard let entry = SlashCommand.entry(bare) else { return "/\(bare) is no command; /help lists them" }
        return "/\(entry.name) \(entry.usage)\n  \(entry.summary)"
    }

    /// The messages that a client of the protocol sends, or one of them to be filled in.
    static func types(of descriptor: ProtocolDescriptor, _ type: String?) -> String {
        let schemas = descriptor.clientMessages
        if schemas.isEmpty { return "the profile \(descriptor.id.rawValue) takes any message" }
        guard let type else {
            return schemas.map { schema in
                let number = schema.number.map { "\($0)".padded(to: 3) } ?? ""
                return number + schema.type.padded(to: number.isEmpty ? 16 : 18) + schema.summary
            }.joined(separator: "\n")
        }
        guard let schema = descriptor.clientMessage(type) else {
            return "\(type) is no message of \(descriptor.id.rawValue); /types lists them"
        }
        let fields = schema.fields.map { field in
            "  " + field.name.padded(to: 14) + field.summary + (field.isRequired ? "" : " (optional)")
        }
        return ([schema.template] + fields).joined(separator: "\n")
    }

    /// What the handshake settled.
    static func headers(of handshake: HandshakeReport?) -> String {
        guard let handshake else { return "not connected yet" }
        let fields = handshake.fields.map { "\($0.name): \($0.value)" }
        return (["connected to \(handshake.addressText) in \(handshake.duration.spelled)"] + fields).joined(
            separator: "\n")
    }

    /// State and counts of the connection.
    static func status(of client: Client, at now: Instant) -> String {
        guard client.isOpen else { return client.isIdle ? "not connected" : "connecting or closing" }
        let traffic = client.traffic
        return """
            open for \(client.uptime(at: now).spelled), \
            \(traffic.messagesIn) messages (\(traffic.payloadBytesIn) bytes) in, \
            \(traffic.messagesOut) messages (\(traffic.payloadBytesOut) bytes) out, \
            \(client.unsentBytes) bytes waiting to be sent
            """
    }
}

extension ProtocolDescriptor {
    /// The client's message of a type, given by its name or, where the protocol numbers its types, by its number.
    func clientMessage(_ type: String) -> MessageSchema? {
        clientMessages.first { $0.type == type || $0.number.map { String($0) } == type }
    }
}

extension String {
    /// The text followed by spaces up to a column, at least one.
    fileprivate func padded(to column: Int) -> String {
        self + String(repeating: " ", count: max(column - count, 1))
    }
}
