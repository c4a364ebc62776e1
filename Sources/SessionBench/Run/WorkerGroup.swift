import SessionBase

/// Workers that are started, told and heard together: threads of this process, or another process with its threads.
protocol WorkerGroup: AnyObject {
    /// Readable when something may have been told.
    var descriptor: Int32 { get }

    /// Takes what was told, oldest first, with the number of the worker in the whole run.
    ///
    /// - Throws: Where the group is lost.
    func takeAll() throws(BenchFailure) -> [(worker: Int, event: WorkerEvent)]

    /// Tells all workers when the warm-up begins.
    func start(at instant: Instant)

    /// Tells all workers to end early.
    func stop()

    /// Waits until workers that have told their end are gone.
    func join()
}
