internal import CLinux
internal import Glibc

/// What the kernel had in a listener's queue.
package enum AcceptResult: Equatable, Sendable {
    /// A new connection, nonblocking and closed on `exec`; the caller owns the descriptor.
    case accepted(descriptor: Int32, peer: SocketAddress)
    /// The queue is empty.
    case wouldBlock
    /// No descriptor is left (PROTOCOLS C9); the connection stays in the queue.
    case outOfDescriptors
    /// Something else; carries the `errno`. The listener itself still works.
    case failed(Int32)
}

/// A socket that listens, closed exactly once; a Unix socket's file goes with it.
package struct Listener: ~Copyable, Sendable {
    /// How a listener is opened beyond its address.
    package struct Options: Equatable, Sendable {
        /// Connections that may wait to be accepted; the kernel's own maximum bounds it.
        package var backlog: Int32 = 4096
        /// Whether several listeners may share the address, so that the kernel spreads connections (SO_REUSEPORT).
        package var sharesPort = false
        /// Whether an IPv6 listener refuses IPv4; `[::]` otherwise serves both.
        package var isIPv6Only = false

        /// The usual choice: 4096 waiting connections, an address of its own, both IP versions on `[::]`.
        package init() {}
    }

    /// The address really bound: where port 0 was asked for, the port that was picked.
    package let address: SocketAddress
    private let socket: OwnedDescriptor
    private let file: UnixSocketFile

    /// Binds an address and listens on it.
    ///
    /// A Unix socket's file is replaced only when nobody answers behind it; it gets mode 0600, and its folder, where it
    /// is missing, 0700.
    package init(_ address: SocketAddress, _ options: Options = Options()) throws(SystemError) {
        if case .unix(let path) = address { try UnixSocketFile.prepare(path) }
        let socket = try Socket.make(address, operation: "listen on")
        let descriptor = socket.rawValue
        try Self.configure(descriptor, address, options)
        try Self.bind(descriptor, address)
        guard listen(descriptor, options.backlog) == 0 else { throw .last("listen on", address.description) }
        let bound = try Socket.localAddress(descriptor)
        self.address = bound
        self.socket = socket
        file = UnixSocketFile(owning: bound)
    }

    /// Takes over a listening socket from the process that started this one; its file, if any, stays.
    package init(adopting socket: consuming OwnedDescriptor) throws(SystemError) {
        let bound = try Socket.localAddress(socket.rawValue)
        try Descriptor.setNonBlocking(socket.rawValue)
        address = bound
        self.socket = socket
        file = UnixSocketFile(owning: nil)
    }

    /// What a ``Poller`` watches.
    package var descriptor: Int32 { socket.rawValue }

    /// Takes one connection out of the queue; one `accept4`.
    package borrowing func accept() -> AcceptResult {
        var storage = sockaddr_storage()
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
                // All socket address structures begin alike; the storage holds the largest.
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(descriptor, $0, &length, flags) }
            }
            if accepted >= 0 {
                let peer = SocketAddress(native: &storage, length: length) ?? .unix(path: "")
                return .accepted(descriptor: accepted, peer: peer)
            }
            switch errno {
            // The next one in the queue is tried where this one was interrupted or is gone already (accept(2)).
            case EINTR, ECONNABORTED, EPROTO: continue
            case EAGAIN: return .wouldBlock
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .outOfDescriptors
            case let code: return .failed(code)
            }
        }
    }

    private static func configure(
        _ descriptor: Int32, _ address: SocketAddress, _ options: Options
    ) throws(SystemError) {
        var isDone = true
        switch address {
        case .unix: return
        case .ipv4: break
        case .ipv6: isDone = Socket.set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, options.isIPv6Only ? 1 : 0)
        }
        isDone = isDone && Socket.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if options.sharesPort { isDone = isDone && Socket.set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        guard isDone else { throw .last("listen on", address.description) }
    }

    private static func bind(_ descriptor: Int32, _ address: SocketAddress) throws(SystemError) {
        try address.withNative { native, length throws(SystemError) in
            guard Glibc.bind(descriptor, native, length) == 0 else { throw .last("listen on", address.description) }
        }
        // Nobody can connect before `listen`, so the file is private before it is of use.
        if case .unix(let path) = address, chmod(path, 0o600) != 0 { throw .last("protect", path) }
    }
}
