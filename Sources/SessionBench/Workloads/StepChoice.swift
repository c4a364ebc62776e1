import SessionBase

/// Which step of a scenario a request is: by the steps' weights, and always the same for the same run, connection and
/// number, so that whoever reads the reply knows it without having kept it.
struct StepChoice {
    /// Weights of each step and all before it.
    private let weightsUpTo: [UInt64]
    private let share: WorkerShare

    /// Takes the steps' weights; one of 0 is never picked.
    init(weights: [Int], _ share: WorkerShare) {
        var sum: UInt64 = 0
        weightsUpTo = weights.map { weight in
            sum += UInt64(max(0, weight))
            return sum
        }
        self.share = share
    }

    /// The step's place.
    ///
    /// - Parameters:
    ///   - sequence: The request's number on its connection.
    ///   - connection: The worker's own number of that.
    func step(of sequence: UInt64, on connection: Int) -> Int {
        let number = UInt64(share.globalNumber(connection))
        var random = SeededRandom(seed: share.plan.seed ^ number &* 0xD6E8_FEB8_6659_FD93 ^ sequence)
        let picked = random.next() % max(1, weightsUpTo.last ?? 1)
        return weightsUpTo.firstIndex { picked < $0 } ?? 0
    }
}
