import SessionBase
import SessionCodec

/// What the store keeps of a session's devices: those that were there, online or not (PROTOCOLS 1-25).
///
///     format 1 · count, then id, type, name, system, application, since when, last seen of each
struct DeviceRegistry: Equatable, Sendable {
    /// One device.
    struct Entry: Equatable, Sendable {
        var id: String
        var type = SyncDeviceType.other
        var name: String?
        var osVersion: String?
        var appVersion: String?
        var connectedAt: Timestamp?
        var lastSeen: Timestamp
    }

    var entries: [Entry] = []

    private static let format: UInt8 = 1

    init() {}

    /// Reads the content of a stored document.
    init(decoding body: [UInt8]) throws(DamagedDocument) {
        var reader = try DocumentReader(body, format: Self.format)
        for _ in 0..<(try reader.count(bytesMin: 7)) { entries.append(try Entry(reading: &reader)) }
        try reader.end()
    }

    /// The content to be stored.
    var encoded: [UInt8] {
        var writer = DocumentWriter(format: Self.format)
        writer.append(UInt64(entries.count))
        for entry in entries { entry.append(to: &writer) }
        return writer.bytes
    }
}

extension DeviceRegistry.Entry {
    fileprivate init(reading reader: inout DocumentReader) throws(DamagedDocument) {
        id = try reader.text()
        guard let type = SyncDeviceType(place: try reader.number()) else { throw DamagedDocument() }
        self.type = type
        name = try reader.optionalText()
        osVersion = try reader.optionalText()
        appVersion = try reader.optionalText()
        let connected = try reader.time()
        connectedAt = connected.milliseconds == 0 ? nil : connected
        lastSeen = try reader.time()
    }

    fileprivate func append(to writer: inout DocumentWriter) {
        writer.append(id)
        writer.append(type.place)
        writer.append(name)
        writer.append(osVersion)
        writer.append(appVersion)
        writer.append(connectedAt ?? Timestamp(milliseconds: 0))
        writer.append(lastSeen)
    }
}

extension SyncDeviceType {
    /// The type's number in stored documents.
    fileprivate var place: UInt64 {
        switch self {
        case .other: 0
        case .mobile: 1
        case .tablet: 2
        case .desktop: 3
        case .web: 4
        case .wearable: 5
        }
    }

    fileprivate init?(place: UInt64) {
        guard let type = Self.allCases.first(where: { $0.place == place }) else { return nil }
        self = type
    }
}
