import Glibc

/// The name of this machine.
package enum HostName {
    /// What `hostname` prints; `nil` where the system does not say.
    package static var current: String? {
        // 64 bytes at most on Linux (HOST_NAME_MAX), and the zero behind them.
        var buffer = [CChar](repeating: 0, count: 65)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? nil : name
    }
}
