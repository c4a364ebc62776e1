/// What a worker tells the one who started it. Threads post it into a mailbox, processes write it as a line of JSON.
package enum WorkerEvent: Equatable, Sendable {
    /// So many of its connections are open and greeted, so many attempts have failed.
    case opening(open: Int, failed: Int)
    /// The addresses, at this end, of its connections that read slowly or never.
    case slow([String])
    /// All its connections are open; it waits to be told when to start.
    case ready
    /// A second is over.
    case interval(Interval)
    /// It has finished, all its connections are closed.
    case finished
    /// It cannot go on; one sentence without a full stop, and the exit status that fits.
    case failed(String, status: Int)
}
