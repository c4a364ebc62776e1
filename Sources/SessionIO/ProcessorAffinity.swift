internal import CLinux

/// The processors that this process may run on.
package enum ProcessorAffinity {
    /// How many there are, at least 1; honours `taskset` and cpusets, unlike `_SC_NPROCESSORS_ONLN`.
    package static var count: Int { max(1, Int(clinux_affinity_count())) }
}
