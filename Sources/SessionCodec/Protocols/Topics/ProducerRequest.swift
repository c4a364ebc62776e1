/// A request of an HTTP API as a client sends it; where to and with which credential is the client's business.
package struct ProducerRequest: Equatable, Sendable {
    /// Such as `POST`.
    package var method: String
    /// Such as `/api/v1/ws/broadcast`.
    package var target: String
    /// Such as `Idempotency-Key`.
    package var fields: HTTPFields
    /// A JSON object; empty where the method takes none.
    package var body: [UInt8]

    /// Describes a request.
    package init(_ method: String, _ target: String, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }
}
