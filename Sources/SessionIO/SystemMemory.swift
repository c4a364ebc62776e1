internal import CLinux
internal import Glibc

/// The memory of this process that nobody uses.
package enum SystemMemory {
    /// Has the allocator give back to the system what was freed in between what is in use.
    ///
    /// It keeps that otherwise for ever. Takes milliseconds, in which other threads may wait for memory; a kernel that
    /// refuses leaves everything as it was. The corresponding C function is `malloc_trim`.
    package static func giveBack() { _ = trimAllocator(0) }
}

// Declared here, because Swift's module of the C library leaves out <malloc.h>: `int malloc_trim(size_t pad)`.
@_silgen_name("malloc_trim") private func trimAllocator(_ pad: Int) -> Int32
