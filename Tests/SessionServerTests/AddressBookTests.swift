import SessionBase
import SessionIO
import Testing

@testable import SessionServer

@Suite struct AddressBookTests {
    private let stranger = SocketAddress("192.0.2.7:5000")!
    private let neighbour = SocketAddress("192.0.2.8:5000")!

    @Test func `an address may have so many connections and no more`() {
        var book = AddressBook()
        var caps = ConnectionCaps()
        caps.address = 2
        #expect(book.admit(stranger, at: .zero, caps) == nil)
        #expect(book.admit(stranger.with(port: 5001), at: .zero, caps) == nil)
        #expect(book.admit(stranger, at: .zero, caps) == .addressLimit)
        #expect(book.admit(neighbour, at: .zero, caps) == nil)
        book.release(stranger)
        #expect(book.admit(stranger, at: .zero, caps) == nil)
    }

    @Test func `the accept rate spares loopback`() {
        var book = AddressBook()
        var caps = ConnectionCaps()
        caps.acceptsPerSecond = 1
        #expect(book.admit(stranger, at: .zero, caps) == nil)
        #expect(book.admit(stranger, at: .zero, caps) == .acceptRate)
        #expect(book.admit(.loopback(port: 5000), at: .zero, caps) == nil)
        #expect(book.admit(stranger, at: .zero + .seconds(1), caps) == nil)
    }
}
