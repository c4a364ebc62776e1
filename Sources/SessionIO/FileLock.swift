internal import CLinux
internal import Glibc

/// A file that one process at a time holds, for a resource that two processes must not use together.
///
/// The kernel lets go of it when the holder ends, however it ends. The file stays; it names its last holder.
package struct FileLock: ~Copyable, Sendable {
    /// Why a lock is not to be had.
    package enum Failure: Error, Equatable {
        /// Another process holds it; its identifier, where the file tells.
        case isHeld(process: Int?)
        /// The file cannot be used at all.
        case failed(SystemError)
    }

    private let file: OwnedDescriptor

    /// Takes the lock without waiting, and writes this process' identifier into the file.
    ///
    /// - Parameter path: Created with mode 0600 where it is missing.
    package init(_ path: String) throws(Failure) {
        let descriptor = clinux_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(.last("lock", path)) }
        let file = OwnedDescriptor(adopting: descriptor)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            if code == EWOULDBLOCK { throw .isHeld(process: Self.holder(file.rawValue)) }
            throw .failed(SystemError(code: code, operation: "lock", context: path))
        }
        do throws(SystemError) {
            guard ftruncate(file.rawValue, 0) == 0 else { throw .last("write", path) }
            try Descriptor.writeAll("\(getpid())\n", to: file.rawValue)
        } catch {
            throw .failed(error)
        }
        self.file = file
    }

    private static func holder(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let result = bytes.withUnsafeMutableBytes { Descriptor.read(descriptor, into: $0) }
        guard case .received(let count) = result else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
