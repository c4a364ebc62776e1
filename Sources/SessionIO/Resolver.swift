internal import CLinux
internal import Glibc

/// A host name that did not lead to an address; exit status 68 (PROTOCOLS §1.10).
package struct ResolutionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name that was looked up.
    package var host: String
    /// Why, in the resolver's words.
    package var reason: String
    /// Whether the same question may be answered a little later.
    package var isTemporary: Bool

    /// Makes an error.
    package init(host: String, reason: String, isTemporary: Bool) {
        self.host = host
        self.reason = reason
        self.isTemporary = isTemporary
    }

    package var description: String { "cannot find the host \(host): \(reason)" }
}

/// Turns host names into addresses. Blocks, so it runs before a loop starts or on a thread of its own.
package enum Resolver {
    /// Looks up the addresses of a host for TCP.
    ///
    /// - Parameters:
    ///   - host: A name or a numeric address, the latter without brackets.
    ///   - port: Goes into every address.
    /// - Returns: At least one address, in the order in which they should be tried (RFC 6724).
    package static func addresses(host: String, port: UInt16) throws(ResolutionError) -> [SocketAddress] {
        if let numeric = SocketAddress(numericHost: host, port: port) { return [numeric] }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let reason = code == EAI_SYSTEM ? SystemError.reason(errno) : String(cString: gai_strerror(code))
            throw ResolutionError(host: host, reason: reason, isTemporary: code == EAI_AGAIN)
        }
        defer { freeaddrinfo(list) }
        let found = collect(list).map { $0.with(port: port) }
        guard !found.isEmpty else {
            throw ResolutionError(host: host, reason: "it has no IP address", isTemporary: false)
        }
        return found
    }

    private static func collect(_ list: UnsafeMutablePointer<addrinfo>?) -> [SocketAddress] {
        var found: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            var storage = sockaddr_storage()
            if let address = entry.ai_addr {
                let count = min(Int(entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
                // The entry owns that many bytes until the list is freed.
                withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: .init(start: address, count: count)) }
                if let parsed = SocketAddress(native: &storage, length: entry.ai_addrlen), !found.contains(parsed) {
                    found.append(parsed)
                }
            }
            next = entry.ai_next
        }
        return found
    }
}
