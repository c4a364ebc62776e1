/// Which changes each device has heard of, and which it still has to: exact counts of what never came, came twice, or came
/// behind something later.
///
/// Changes of a sender carry numbers one after the other from 1 on. A device expects those of each other device of its
/// session in order; one that is skipped is missing until it comes late or the device leaves.
struct DeliveryBook {
    /// What the arrival of a change is.
    enum Arrival { case next, late, again, foreign, afterTheEnd }

    /// A change that a device was to hear of.
    private struct Key: Hashable {
        var device: Int
        var sender: Int
        var number: UInt64
    }

    private let roster: SyncRoster
    /// Of each device, the last number heard of each of its session's senders, by its place in the session.
    private var heard: [UInt64]
    /// The numbers that were skipped, and have not come.
    private var missing: Set<Key> = []
    /// Of each device, the last number that it sent, and those among them that reach nobody.
    private var sent: [UInt64]
    private var forgiven: Set<Key> = []
    private var isPresent: [Bool]
    /// The highest version that each device has heard of.
    private var versions: [UInt64]
    /// How many arrivals are still to come.
    private(set) var owed = 0

    init(_ roster: SyncRoster) {
        self.roster = roster
        heard = Array(repeating: 0, count: roster.devices * roster.devicesPerSession)
        sent = Array(repeating: 0, count: roster.devices)
        isPresent = Array(repeating: false, count: roster.devices)
        versions = Array(repeating: 0, count: roster.devices)
    }

    private func others(than device: Int) -> [Int] {
        roster.devices(of: roster.session(ofDevice: device)).filter { $0 != device && isPresent[$0] }
    }

    private func place(of sender: Int, at device: Int) -> Int {
        device * roster.devicesPerSession + sender - roster.firstDevice(of: roster.session(ofDevice: device))
    }

    /// Notes that a device takes part; it hears of what is sent from now on.
    mutating func join(_ device: Int) {
        isPresent[device] = true
        for sender in roster.devices(of: roster.session(ofDevice: device)) where sender != device {
            heard[place(of: sender, at: device)] = sent[sender]
        }
    }

    /// Notes a change that the others must hear of.
    mutating func owe(_ number: UInt64, from sender: Int) {
        sent[sender] = number
        for device in roster.devices(of: roster.session(ofDevice: sender)) where device != sender && isPresent[device] {
            owed += 1
        }
    }

    /// Takes a change back that nobody needs to hear of.
    mutating func forgive(_ number: UInt64, from sender: Int) {
        for device in others(than: sender) {
            let key = Key(device: device, sender: sender, number: number)
            if missing.remove(key) != nil {
                owed -= 1
            } else if heard[place(of: sender, at: device)] < number {
                forgiven.insert(key)
                owed -= 1
            }
        }
    }

    /// Notes that a device heard of a change.
    mutating func arrive(_ number: UInt64, from sender: Int, at device: Int) -> Arrival {
        guard roster.devices(of: roster.session(ofDevice: device)).contains(sender), sender != device,
            number <= sent[sender]
        else { return .foreign }
        // Its losses are counted.
        guard isPresent[device] else { return .afterTheEnd }
        let place = place(of: sender, at: device)
        if number <= heard[place] {
            guard missing.remove(Key(device: device, sender: sender, number: number)) != nil else { return .again }
            owed -= 1
            return .late
        }
        for skipped in heard[place] + 1..<number {
            let key = Key(device: device, sender: sender, number: skipped)
            if forgiven.remove(key) == nil { missing.insert(key) }
        }
        heard[place] = number
        // What was forgiven and came all the same was paid already.
        if forgiven.remove(Key(device: device, sender: sender, number: number)) == nil { owed -= 1 }
        return .next
    }

    /// Raises the version that a device has heard of.
    ///
    /// - Returns: Whether this one is higher than those before.
    mutating func raise(_ version: UInt64, on device: Int) -> Bool {
        guard version > versions[device] else { return false }
        versions[device] = version
        return true
    }

    /// Notes that a device is gone.
    ///
    /// - Returns: How many changes it never heard of.
    mutating func leave(_ device: Int) -> Int {
        guard isPresent[device] else { return 0 }
        isPresent[device] = false
        var count = missing.count { $0.device == device }
        missing = missing.filter { $0.device != device }
        for sender in roster.devices(of: roster.session(ofDevice: device)) where sender != device {
            let last = heard[place(of: sender, at: device)]
            let pardoned = forgiven.count { $0.device == device && $0.sender == sender }
            count += max(0, Int(sent[sender] - last) - pardoned)
        }
        owed -= count
        return count
    }
}
