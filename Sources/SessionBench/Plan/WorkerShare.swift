/// The part of a run that one worker does.
package struct WorkerShare: Equatable, Sendable {
    /// The whole run.
    package var plan: LoadPlan
    /// Which worker this is, of ``LoadPlan/workers``.
    package var index: Int

    /// Describes a share.
    package init(plan: LoadPlan, index: Int) {
        self.plan = plan
        self.index = index
    }

    /// How many of the run's connections are this worker's: those whose number is ``index`` modulo the workers.
    package var connections: Int { part(of: plan.connections) }

    /// How many of the run's connections that only send requests are this worker's; their own numbers follow those of the
    /// others.
    package var requestConnections: Int { part(of: plan.requestConnections) }

    /// All of this worker's sockets.
    package var sockets: Int { connections + requestConnections }

    /// The worker's own numbers of the connections that send requests.
    package var requesters: Range<Int> {
        let first = plan.requestConnections > 0 ? connections : 0
        return first..<first + part(of: plan.requesters)
    }

    /// How many of `count` things of the run are this worker's, were they numbered as connections are.
    func part(of count: Int) -> Int { (count + plan.workers - 1 - index) / plan.workers }

    /// The number in the whole run of this worker's connection `local`.
    package func globalNumber(_ local: Int) -> Int { local * plan.workers + index }
}
