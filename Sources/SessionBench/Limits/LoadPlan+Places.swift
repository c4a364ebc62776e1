package import SessionCodec

/// Which connection goes where, and from where: so that limits are checked for what really happens.
extension LoadPlan {
    /// The target of a connection of the run.
    ///
    /// - Parameter number: The connection's number in the whole run, from 0.
    package func target(of number: Int) -> Endpoint { targets[number % targets.count] }

    /// The address from which a connection of the run is opened; `nil` leaves the choice to the kernel.
    ///
    /// The address changes once all targets had their turn, so that every pair of both is used.
    package func source(of number: Int) -> String? {
        sources.isEmpty ? nil : sources[number / targets.count % sources.count]
    }

    /// How many connections one process has at most.
    package var connectionsOfProcess: Int { (sockets + processes - 1) / processes }

    /// How many connections lead from one source to one address, at most, were there so many sources.
    func connections(to address: Endpoint.Address, sources: Int) -> Int {
        targets.indices.reduce(0) { sum, index in
            guard targets[index].address == address else { return sum }
            let toTarget = (sockets + targets.count - 1 - index) / targets.count
            return sum + (toTarget + sources - 1) / sources
        }
    }
}
