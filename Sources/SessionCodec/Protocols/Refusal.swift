/// Why a protocol refuses messages; the raw value is an index for counters.
///
/// The first three say that the message could not be understood, and count towards close code 4441 (PROTOCOLS C6).
package protocol RefusalCode: Spelled, RawRepresentable, Equatable, Sendable where RawValue == Int {
    /// The text is no JSON.
    static var invalidJSON: Self { get }
    /// A field is missing or holds what it may not hold.
    static var invalidMessage: Self { get }
    /// Nobody sends messages of this type.
    static var unknownType: Self { get }

    /// The sentence that goes with the code where nothing better is known.
    var message: StaticString { get }
}

extension RefusalCode {
    /// Whether the message could not be understood at all.
    package var isAboutDecoding: Bool { rawValue <= Self.unknownType.rawValue }
}

/// Why a text is not a request, and what the reply must repeat.
package struct Refusal<Code: RefusalCode>: Error, Equatable, Sendable {
    /// Why; not every code is about the text (``RefusalCode/isAboutDecoding``).
    package var code: Code
    /// Which field is at fault, with ``RefusalCode/invalidMessage``; `nil` where the text is no object.
    package var field: String?
    /// What is wrong with the JSON, with ``RefusalCode/invalidJSON``.
    package var problem: JSONError?
    /// The type that does not exist, with ``RefusalCode/unknownType``.
    package var type: String?
    /// What the client wants to know the reply by.
    package var tag: MessageTag?

    /// Describes a refusal.
    package init(
        _ code: Code, field: String? = nil, problem: JSONError? = nil, type: String? = nil, tag: MessageTag? = nil
    ) {
        self.code = code
        self.field = field
        self.problem = problem
        self.type = type
        self.tag = tag
    }

    /// A field that is missing or holds what it may not hold.
    static func field(_ name: String) -> Refusal { Refusal(.invalidMessage, field: name) }

    /// The refusal of a message that the client wants to know the reply by.
    func with(_ tag: MessageTag?) -> Refusal {
        var refusal = self
        refusal.tag = tag
        return refusal
    }

    /// What the reply says.
    var sentence: String {
        switch (problem, field) {
        case (let problem?, _): "Message is not valid JSON: \(problem)"
        case (_, let field?): "Field \(field) is missing or invalid"
        default: code.message.description
        }
    }
}
