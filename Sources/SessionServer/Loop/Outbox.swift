import SessionCore

/// Mail of machines to other loops, kept until the turn ends: then each loop gets all of it at once, is woken once, and
/// handles it in one turn of its own.
struct Outbox {
    private var mail: [[Mail]] = []
    private(set) var isEmpty = true

    /// Adds mail behind everything that goes to the same loop.
    mutating func add(_ item: Mail, to loop: Int) {
        while mail.count <= loop { mail.append([]) }
        mail[loop].append(item)
        isEmpty = false
    }

    /// Posts everything.
    mutating func post(to inboxes: [Inbox]) {
        guard !isEmpty else { return }
        isEmpty = true
        for loop in mail.indices where !mail[loop].isEmpty {
            inboxes[loop].post(contentsOf: mail[loop])
            mail[loop].removeAll(keepingCapacity: true)
        }
    }
}
