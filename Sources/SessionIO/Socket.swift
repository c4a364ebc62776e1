internal import CLinux
internal import Glibc

/// How a read went.
package enum ReceiveResult: Equatable, Sendable {
    /// That many bytes lie at the front of the buffer, at least one.
    case received(Int)
    /// Nothing is there yet.
    case wouldBlock
    /// The peer will send nothing more.
    case ended
    /// The connection is broken; carries the `errno`.
    case failed(Int32)
}

/// How a write went.
package enum SendResult: Equatable, Sendable {
    /// The kernel took that many bytes, perhaps fewer than were offered.
    case sent(Int)
    /// There is no room.
    case wouldBlock
    /// The connection is broken; carries the `errno`.
    case failed(Int32)
}

/// System calls on stream sockets, all nonblocking; the descriptor's owner is the caller.
package enum Socket {
    /// Receives what is there, at most the buffer's size; one `recv`.
    @inline(__always)
    package static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> ReceiveResult {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { return .received(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case let code: return .failed(code)
            }
        }
    }

    /// Receives into `buffer` from `offset` to its end.
    package static func receive(_ descriptor: Int32, into buffer: inout [UInt8], from offset: Int = 0) -> ReceiveResult
    {
        buffer.withUnsafeMutableBytes { bytes in
            receive(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]))
        }
    }

    /// Sends what the kernel takes at once; one `send`, and never a SIGPIPE.
    @inline(__always)
    package static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> SendResult {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
            if count >= 0 { return .sent(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS, ENOMEM: return .wouldBlock
            case let code: return .failed(code)
            }
        }
    }

    /// Sends what the kernel takes of a span at once.
    package static func send(_ descriptor: Int32, _ bytes: Span<UInt8>) -> SendResult {
        bytes.withUnsafeBytes { send(descriptor, $0) }
    }

    /// Sends from two places as if they lay next to each other; one `sendmsg`.
    package static func send(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> SendResult {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        // `sendmsg` only reads through the pieces' pointers, although C declares them mutable.
        var pieces = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        )
        let count = withUnsafeMutableBytes(of: &pieces) { storage in
            var message = msghdr()
            message.msg_iov = storage.assumingMemoryBound(to: iovec.self).baseAddress
            message.msg_iovlen = 2
            while true {
                let count = sendmsg(descriptor, &message, flags)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        if count >= 0 { return .sent(count) }
        let code = errno
        return code == EAGAIN || code == ENOBUFS || code == ENOMEM ? .wouldBlock : .failed(code)
    }

    /// Says that nothing more will be sent; the peer reads an end of stream.
    ///
    /// Fails only on a connection that is gone already, which its owner learns by reading.
    package static func shutdownWrite(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Takes the error that is pending on the socket, such as the outcome of a connection attempt; 0 for none.
    package static func takeError(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }

    /// Whether the socket listens for connections, as the ones that systemd hands over do.
    package static func isListening(_ descriptor: Int32) -> Bool {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0
    }
}

extension Socket {
    /// Starts a connection on a new nonblocking socket.
    ///
    /// - Parameters:
    ///   - address: Where to.
    ///   - source: The address of our end, its port chosen by the kernel for this peer alone, so that one source has as many
    ///     ports as there are for each peer; `nil` leaves the address to the kernel too.
    /// - Returns: A descriptor that becomes writable when the attempt is decided, which may be at once; then
    ///   ``takeError(_:)`` tells how.
    /// - Throws: ``SystemError`` where the attempt fails before it begins.
    package static func connect(
        to address: SocketAddress, from source: SocketAddress? = nil
    ) throws(SystemError) -> OwnedDescriptor {
        let owned = try make(address, operation: "connect to")
        let descriptor = owned.rawValue
        if let source { try bind(descriptor, source) }
        try address.withNative { native, length throws(SystemError) in
            // Unlike other calls, an interrupted connect goes on by itself.
            guard Glibc.connect(descriptor, native, length) == 0 || errno == EINPROGRESS || errno == EINTR else {
                throw .last("connect to", address.description)
            }
        }
        if address.port != nil { setNoDelay(descriptor) }
        return owned
    }

    private static func bind(_ descriptor: Int32, _ source: SocketAddress) throws(SystemError) {
        // Without it the port is chosen here, when the peer is not known yet, and taken from all peers.
        set(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
        try source.withNative { native, length throws(SystemError) in
            guard Glibc.bind(descriptor, native, length) == 0 else {
                throw .last("connect from", source.description)
            }
        }
    }

    /// Makes a nonblocking stream socket of the address's family that is closed on `exec`.
    static func make(_ address: SocketAddress, operation: String) throws(SystemError) -> OwnedDescriptor {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let created = socket(address.family, type, 0)
        guard created >= 0 else { throw .last(operation, address.description) }
        return OwnedDescriptor(adopting: created)
    }

    /// Sends small writes at once (TCP_NODELAY). Fails only on sockets that are not TCP, which need nothing.
    package static func setNoDelay(_ descriptor: Int32) {
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Makes `close` send a reset and forget what was not sent, for a peer that abuses the server or a bench that must
    /// not leave TIME_WAIT behind.
    package static func resetOnClose(_ descriptor: Int32) {
        var value = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }

    /// Bounds how long sent but unacknowledged bytes may wait before the connection fails (TCP_USER_TIMEOUT).
    package static func setUserTimeout(_ descriptor: Int32, milliseconds: Int32) {
        set(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, milliseconds)
    }

    /// Asks for a kernel send buffer of about this size; the kernel doubles and bounds it.
    package static func setSendBuffer(_ descriptor: Int32, bytes: Int32) {
        set(descriptor, SOL_SOCKET, SO_SNDBUF, bytes)
    }

    /// Asks for a kernel receive buffer of about this size; the kernel doubles and bounds it.
    package static func setReceiveBuffer(_ descriptor: Int32, bytes: Int32) {
        set(descriptor, SOL_SOCKET, SO_RCVBUF, bytes)
    }

    /// Sets an option whose failure is not worth more than its absence; where it is, the caller looks at the result.
    @discardableResult
    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// How many bytes were sent but not acknowledged by the peer's kernel yet (SIOCOUTQ); 0 where unknown.
    package static func unacknowledgedBytes(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        return clinux_unsent_bytes(descriptor, &count) == 0 ? Int(count) : 0
    }

    /// How many received bytes wait to be read (FIONREAD); 0 where unknown.
    package static func readableBytes(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        return clinux_readable_bytes(descriptor, &count) == 0 ? Int(count) : 0
    }

    /// The address of our end.
    package static func localAddress(_ descriptor: Int32) throws(SystemError) -> SocketAddress {
        try address(descriptor, "read the local address of", getsockname)
    }

    /// The address of the other end.
    package static func peerAddress(_ descriptor: Int32) throws(SystemError) -> SocketAddress {
        try address(descriptor, "read the peer address of", getpeername)
    }

    private static func address(
        _ descriptor: Int32, _ operation: String,
        _ read: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SystemError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) { pointer in
            // All socket address structures begin alike; the storage holds the largest.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { read(descriptor, $0, &length) }
        }
        guard code == 0 else { throw .last(operation, "descriptor \(descriptor)") }
        guard let address = SocketAddress(native: &storage, length: length) else {
            throw SystemError(code: EAFNOSUPPORT, operation: operation, context: "descriptor \(descriptor)")
        }
        return address
    }
}
