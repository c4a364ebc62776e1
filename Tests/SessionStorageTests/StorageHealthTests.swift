import SessionStorage
import Testing

@Suite struct StorageHealthTests {
    @Test func `an engine that is down says why`() {
        #expect(StorageHealth.down("no route") != .up)
    }
}
