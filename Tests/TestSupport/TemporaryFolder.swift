internal import Glibc

/// A new empty folder that is removed, with the files directly and further below it, when the value ends.
package struct TemporaryFolder: ~Copyable {
    /// Where it is, without a slash at the end.
    package let path: String

    /// Makes a folder that only this user may enter.
    package init() {
        var template = Array("/tmp/sessionctl-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no folder to be had in /tmp")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.removeAll(path) }

    /// Removes depth first, without following links; what cannot be removed stays in /tmp, which is no test's concern.
    private static func removeAll(_ path: String) {
        if unlink(path) == 0 { return }
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { removeAll(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    }
}
