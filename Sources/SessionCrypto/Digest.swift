internal import COpenSSL

/// A hash function computed by OpenSSL, with its context kept for the next message.
///
/// Making one looks the algorithm up and allocates its context, computing with it does neither: an owner that needs
/// many, such as an event loop for handshakes, keeps one. Not for use on two threads at once.
package struct Digest: ~Copyable {
    /// Which hash function.
    package enum Algorithm: Sendable {
        /// SHA-1, 20 bytes: for the WebSocket accept key (RFC 6455 §4.2.2) and nothing that has to be secure.
        case sha1
        /// SHA-256, 32 bytes (FIPS 180-4).
        case sha256
        /// SHA-384, 48 bytes (FIPS 180-4).
        case sha384
        /// SHA-512, 64 bytes (FIPS 180-4).
        case sha512

        /// The length of the result in bytes.
        package var byteCount: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        /// What OpenSSL calls it.
        var name: String {
            switch self {
            case .sha1: "SHA1"
            case .sha256: "SHA256"
            case .sha384: "SHA384"
            case .sha512: "SHA512"
            }
        }
    }

    /// The function that this value computes.
    package let algorithm: Algorithm
    private let method: OpaquePointer
    private let context: OpaquePointer

    /// Looks up the algorithm; traps where this OpenSSL has none, which is no state a program can go on in.
    package init(_ algorithm: Algorithm) {
        guard let method = EVP_MD_fetch(nil, algorithm.name, nil), let context = EVP_MD_CTX_new() else {
            preconditionFailure("OpenSSL has no \(algorithm.name)")
        }
        self.algorithm = algorithm
        self.method = method
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(method)
    }

    /// Appends the hash of `message`, ``Algorithm/byteCount`` bytes.
    ///
    /// - Complexity: O(n); allocates only where `output` has to grow.
    package mutating func append(hashOf message: Span<UInt8>, to output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: algorithm.byteCount))
        let isDone = message.withUnsafeBytes { bytes in
            output.withUnsafeMutableBufferPointer { result in
                EVP_DigestInit_ex2(context, method, nil) == 1
                    && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
                    && EVP_DigestFinal_ex(context, result.baseAddress! + start, nil) == 1
            }
        }
        precondition(isDone, "hashing bytes in memory cannot fail")
    }

    /// The hash of `message`, ``Algorithm/byteCount`` bytes.
    package mutating func hash(_ message: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(algorithm.byteCount)
        append(hashOf: message, to: &result)
        return result
    }

    /// Hashes one message, for those who need it once; looks the algorithm up each time.
    package static func hash(_ message: Span<UInt8>, with algorithm: Algorithm) -> [UInt8] {
        var digest = Digest(algorithm)
        return digest.hash(message)
    }
}
