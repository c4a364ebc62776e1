package import SessionBase

/// The times of one part of a workload's requests, such as the puts of `snapshot`.
package struct OperationTimes: Equatable, Sendable {
    /// What it is called in reports and expressions.
    package var name: String
    /// From the planned time of the request.
    package var response = HdrHistogram()
    /// From the moment it really left.
    package var service = HdrHistogram()

    /// Makes times of nothing.
    package init(_ name: String) { self.name = name }

    /// Adds another worker's, or another second's.
    package mutating func merge(_ other: OperationTimes) {
        response.merge(other.response)
        service.merge(other.service)
    }
}
