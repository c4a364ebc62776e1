internal import CLinux
internal import Glibc

/// The C structures behind ``SocketAddress``.
extension SocketAddress {
    /// Reads the address that a system call wrote; `nil` for a family other than the three.
    init?(native storage: inout sockaddr_storage, length: socklen_t) {
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = Self.read(sockaddr_in.self, from: &storage)
            self = .ipv4(UInt32(bigEndian: address.sin_addr.s_addr), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = Self.read(sockaddr_in6.self, from: &storage)
            let (high, low) = withUnsafeBytes(of: address.sin6_addr) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            let port = UInt16(bigEndian: address.sin6_port)
            self = .ipv6(high: high, low: low, scope: address.sin6_scope_id, port: port)
        case AF_UNIX:
            let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
            let path = withUnsafeBytes(of: &storage) { bytes in
                bytes[offset..<Swift.max(offset, Int(length))].prefix { $0 != 0 }
            }
            self = .unix(path: String(decoding: path, as: UTF8.self))
        default: return nil
        }
    }

    private static func read<Native>(_ type: Native.Type, from storage: inout sockaddr_storage) -> Native {
        // The family says which structure was written, and the storage is large and aligned enough for each of them.
        withUnsafeBytes(of: &storage) { $0.load(as: type) }
    }

    /// Lends the address in the form that `bind` and `connect` take.
    ///
    /// - Throws: `ENAMETOOLONG` for a path of more than 107 bytes, which a Unix address cannot hold.
    func withNative<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        switch self {
        case .ipv4(let host, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = host.bigEndian
            length = Self.write(address, to: &storage)
        case .ipv6(let high, let low, let scope, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            length = Self.write(address, to: &storage)
        case .unix(let path):
            length = try Self.write(path: path, to: &storage)
        }
        return try withUnsafePointer(to: &storage) { pointer throws(SystemError) in
            // All socket address structures begin with the family, and system calls take them through this type.
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { native throws(SystemError) in
                try body(native, socklen_t(length))
            }
        }
    }

    private static func write<Native>(_ address: Native, to storage: inout sockaddr_storage) -> Int {
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: Native.self) }
        return MemoryLayout<Native>.size
    }

    private static func write(path: String, to storage: inout sockaddr_storage) throws(SystemError) -> Int {
        let bytes = Array(path.utf8)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        guard offset + bytes.count < MemoryLayout<sockaddr_un>.size else {
            throw SystemError(code: ENAMETOOLONG, operation: "use as a socket", context: path)
        }
        storage.ss_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &storage) {
            UnsafeMutableRawBufferPointer(rebasing: $0[offset...]).copyBytes(from: bytes)
        }
        return offset + bytes.count + 1
    }

    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }
}
