import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Whole states over HTTP (PROTOCOLS 1-14, 1-28, 1-29, §3.3).
@Suite struct SyncSnapshotTests {
    static let session = SyncJoiningTests.session

    @Test func `a snapshot is created, read and given an entity tag`() {
        var service = SyncFixture()
        let created = service.put(#"{"a":1}"#, device: "d1", version: 1)
        #expect(created.status == .created && created.fields["ETag"] == #""1""#)
        #expect(created.json["version"] == 1 && created.json["created"] == true)
        #expect(created.json["size_bytes"] == 7)
        #expect(created.json["expires_at"]?.string == "2024-01-22T10:30:00.000Z")
        let read = service.get()
        #expect(read.status == .ok && read.fields["ETag"] == #""1""#)
        #expect(read.json["state_data"] == ["a": 1] && read.json["user_id"] == "u1")
        #expect(read.json["device_id"] == "d1")
    }

    @Test func `nobody sees a session of somebody else`() {
        var service = SyncFixture()
        service.put(#"{"a":1}"#)
        #expect(service.get(as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.put("{}", as: "u2").code == "SESSION_NOT_FOUND")
        #expect(service.get(as: "boss!").status == .ok)
    }
}
