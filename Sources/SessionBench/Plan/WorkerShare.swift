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
    package var connections: Int { (plan.connections + plan.workers - 1 - index) / plan.workers }

    /// The number in the whole run of this worker's connection `local`.
    package func globalNumber(_ local: Int) -> Int { local * plan.workers + index }
}
