import SessionBase
import SessionCodec
import SessionCore

/// What groups were sent in this turn of the loop and is not handed out yet.
///
/// The frames lie one behind the other in one buffer, in the order of the effects, so that all that a group was sent is, most
/// of the time, one piece of it, which goes from here into every member's socket with one send and no copy.
///
/// Positions go on from turn to turn: a connection that got a message for itself alone, joined, left, or was left out has
/// everything before its own position already, and nothing has to be undone when the turn ends.
struct Fanout {
    /// A message to one group.
    struct Frame {
        /// Index into ``groups``.
        let group: Int
        let kind: MessageKind
        let policy: OverflowPolicy
        /// Where it lies in ``bytes``, header and payload.
        let range: Range<Int>
        let headerBytes: Int
        /// The frame as connections with permessage-deflate get it, one for each set of parameters (PROTOCOLS C10).
        var compressed: [CompressedFrame] = []
        /// The message as it waits for blocked sockets, all of which hold the same one.
        var held: HeldMessage?

        var payload: Range<Int> { range.lowerBound + headerBytes..<range.upperBound }
    }

    /// A group that was sent something.
    struct Group {
        let id: GroupID
        /// From its first frame to its last one.
        fileprivate(set) var range: Range<Int>
        fileprivate(set) var frameCount: Int
        /// Whether no other group's frame lies between its own.
        fileprivate(set) var isOnePiece = true
        /// Whether all of it may be dropped or replaced where it waits.
        fileprivate(set) var yields: Bool
    }

    private(set) var bytes: [UInt8] = []
    var frames: [Frame] = []
    private(set) var groups: [Group] = []
    /// The position of the first byte.
    private(set) var start: UInt64 = 0

    /// More frames are handed out at once, whatever the turn still brings.
    private static let bytesMax = 256 * 1024
    /// More groups would make it dear to find out which of them a connection is in.
    private static let groupsMax = 32

    /// The position behind the last byte.
    var end: UInt64 { start + UInt64(bytes.count) }

    var isEmpty: Bool { frames.isEmpty }

    /// Whether it should be handed out before more is added.
    var isFull: Bool { bytes.count > Self.bytesMax || groups.count == Self.groupsMax }

    /// Frames a message.
    mutating func append(_ kind: MessageKind, _ payload: Span<UInt8>, to id: GroupID, _ policy: OverflowPolicy) {
        let start = bytes.count
        Connection.appendServerFrame(kind, payload, to: &bytes)
        let range = start..<bytes.count
        let yields = policy != .disconnect
        let group = groups.lastIndex { $0.id == id } ?? groups.count
        if group == groups.count {
            groups.append(Group(id: id, range: range, frameCount: 1, yields: yields))
        } else {
            groups[group].isOnePiece = groups[group].isOnePiece && groups[group].range.upperBound == start
            groups[group].range = groups[group].range.lowerBound..<range.upperBound
            groups[group].frameCount += 1
            groups[group].yields = groups[group].yields && yields
        }
        frames.append(
            Frame(group: group, kind: kind, policy: policy, range: range, headerBytes: range.count - payload.count))
    }

    /// The frames of one group, next to each other.
    func piece(of group: Int) -> [UInt8] {
        var piece: [UInt8] = []
        for frame in frames where frame.group == group { piece += bytes[frame.range] }
        return piece
    }

    /// Whether a connection that has everything before `position` misses a frame, and is in its group.
    func misses(_ frame: Frame, behind position: UInt64, in membership: UInt32) -> Bool {
        start + UInt64(frame.range.lowerBound) >= position && membership & (1 << UInt32(frame.group)) != 0
    }

    /// The message of a frame, for a socket that takes nothing now.
    mutating func held(_ index: Int) -> HeldMessage {
        if let held = frames[index].held { return held }
        let frame = frames[index]
        let made = HeldMessage(kind: frame.kind, frame: Array(bytes[frame.range]), headerBytes: frame.headerBytes)
        frames[index].held = made
        return made
    }

    /// Takes everything out; what is added from now on comes behind it.
    mutating func taken() -> Fanout {
        var rest = Fanout()
        rest.start = end
        swap(&rest, &self)
        return rest
    }

    /// Uses the storage of what was taken out and is done.
    mutating func reuse(_ done: consuming Fanout) {
        guard isEmpty, done.bytes.capacity <= 2 * Self.bytesMax else { return }
        let start = self.start
        self = done
        self.start = start
        bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
    }
}
