import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO

/// The secrets that tokens are signed with, and where they come from (PROTOCOLS §1.5).
///
/// Each is looked for by itself: in the file of `--secret-file`, then in `JWT_SECRET` and `JWT_REFRESH_SECRET`, then in the
/// data directory, where both are drawn once, on the first start, so that a server is safe without any configuration and
/// `sessionctl token issue` on the same machine finds them.
package struct AccessSecrets: Sendable {
    /// Signs access tokens; `nil` where there is none.
    package var access: [UInt8]?
    /// Signs refresh tokens; `nil` where there is none.
    package var refresh: [UInt8]?
    /// One line to be told where secrets were drawn just now.
    package var notice: String?

    /// Finds what is configured.
    ///
    /// - Parameters:
    ///   - file: The file of `--secret-file`.
    ///   - environment: Looks up a variable.
    ///   - allowingWeak: Short and published secrets will do: `--dev`.
    /// - Throws: ``AccessError`` for a file that cannot be used or a secret that is none.
    package init(
        file: String? = nil, environment: (String) -> String?, allowingWeak: Bool = false
    ) throws(AccessError) {
        if let file { try take(try SecretFile.read(file), from: file, allowingWeak: allowingWeak) }
        for (name, place) in [("JWT_SECRET", \AccessSecrets.access), ("JWT_REFRESH_SECRET", \.refresh)] {
            guard self[keyPath: place] == nil, let value = environment(name), !value.isEmpty else { continue }
            self[keyPath: place] = try Self.checked(Array(value.utf8), name, allowingWeak: allowingWeak)
        }
    }

    /// The same with what is missing from a data directory.
    ///
    /// - Parameter draws: Whether both secrets are drawn where the directory has none.
    package func completed(in folder: String, draws: Bool) throws(AccessError) -> AccessSecrets {
        guard draws || Files.exists("\(folder)/\(SecretFile.name)") else { return self }
        var secrets = self
        let (contents, path, isNew) = try SecretFile.drawn(in: folder)
        try secrets.take(contents, from: path, allowingWeak: false)
        if isNew { secrets.notice = "drew secrets for tokens and keeps them in \(path) (mode 0600)" }
        return secrets
    }

    /// Takes those secrets of a file that are still missing.
    private mutating func take(
        _ contents: SecretFile, from path: String, allowingWeak: Bool
    ) throws(AccessError) {
        if access == nil, let secret = contents.access {
            access = try Self.checked(secret, "jwt in \(path)", allowingWeak: allowingWeak)
        }
        if refresh == nil, let secret = contents.refresh {
            refresh = try Self.checked(secret, "refresh in \(path)", allowingWeak: allowingWeak)
        }
    }

    private static func checked(
        _ secret: [UInt8], _ name: String, allowingWeak: Bool
    ) throws(AccessError) -> [UInt8] {
        do throws(TokenKeyError) { try TokenSecret.check(secret, allowingWeak: allowingWeak) } catch {
            throw AccessError("the secret \(name) is refused: \(error); give another, or none to have one drawn")
        }
        return secret
    }
}

/// A file of secrets: lines `jwt=…` and `refresh=…`; empty lines and those that begin with `#` say nothing.
///
/// What stands behind the equals sign, up to the end of the line, is the secret, byte by byte.
struct SecretFile: Equatable {
    /// `jwt`.
    var access: [UInt8]?
    /// `refresh`.
    var refresh: [UInt8]?

    /// The name in the data directory.
    static let name = "secrets"
    private static let bytesMax = 65_536

    /// Reads a file that somebody else keeps.
    static func read(_ path: String) throws(AccessError) -> SecretFile {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(path, bytesMax: bytesMax) } catch {
            throw AccessError("\(error); check the path of the secrets and who may read it", isMissing: error.isMissing)
        }
        return try parse(bytes, path)
    }

    /// Reads the file of a data directory, or draws both secrets into it where there is none.
    static func drawn(in folder: String) throws(AccessError) -> (contents: SecretFile, path: String, isNew: Bool) {
        let path = "\(folder)/\(name)"
        var isNew = false
        let mode: UInt32
        do throws(SystemError) {
            if !Files.exists(path) {
                try Files.makeFolder(folder, mode: 0o700)
                isNew = try Files.create(draw().span, at: path, mode: 0o600)
            }
            mode = try Files.mode(path)
        } catch {
            throw AccessError("\(error); see who may use \(folder), or name another with --data-dir")
        }
        guard mode & 0o077 == 0 else {
            throw AccessError(
                "\(path) can be read by others than its owner; draw new secrets, or do: chmod 600 \(path)")
        }
        return (try read(path), path, isNew)
    }

    /// The contents of a new file: two secrets of 256 bits.
    private static func draw() -> [UInt8] {
        let (access, refresh) = (SecureRandom.bytes(32), SecureRandom.bytes(32))
        return Array(
            """
            # The secrets of this server's tokens. Whoever has them can be anybody: keep them to yourself.
            jwt=\(Base64URL.encode(access.span))
            refresh=\(Base64URL.encode(refresh.span))

            """.utf8)
    }

    /// Reads the lines.
    static func parse(_ bytes: [UInt8], _ path: String) throws(AccessError) -> SecretFile {
        var file = SecretFile()
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (place, line) in lines.enumerated() {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw AccessError("\(path):\(place + 1): write jwt=SECRET or refresh=SECRET")
            }
            switch String(decoding: parts[0], as: UTF8.self) {
            case "jwt" where file.access == nil: file.access = Array(parts[1])
            case "refresh" where file.refresh == nil: file.refresh = Array(parts[1])
            case "jwt", "refresh": throw AccessError("\(path):\(place + 1): this secret stands there twice; remove one")
            default: throw AccessError("\(path):\(place + 1): write jwt=SECRET or refresh=SECRET")
            }
        }
        return file
    }
}

/// Why keys and secrets cannot be used: what, where and what to do, in one line that never repeats a secret.
package struct AccessError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String
    /// Whether a file that was named is not there.
    package let isMissing: Bool

    /// Makes an error of its line.
    package init(_ description: String, isMissing: Bool = false) {
        self.description = description
        self.isMissing = isMissing
    }
}
