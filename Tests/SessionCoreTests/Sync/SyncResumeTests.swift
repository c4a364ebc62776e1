import SessionBase
import SessionCodec
import SessionCore
import Testing

/// A device that was cut off goes on where it was (PROTOCOLS §3.4, EXT resume).
@Suite struct SyncResumeTests {
    private struct Scene {
        var service: SyncFixture
        let writer: ConnectionID
        var reader: ConnectionID
        /// What the reader was told at first.
        let welcome: SyncWelcome

        init() {
            service = SyncFixture()
            writer = service.join("u1", device: "writer", session: .named)
            reader = service.join("u1", device: "reader")
            guard let welcome = service.welcomed.welcome else { preconditionFailure("the reader is not welcome") }
            self.welcome = welcome
        }

        /// The place up to which the reader has everything.
        var place: SyncAuthentication.Resume {
            let sequence = service.envelopes[reader]?.sequence ?? welcome.sequence
            return SyncAuthentication.Resume(epoch: welcome.epoch, sequence: sequence)
        }

        mutating func write(_ value: Int) { service.update("n", .set, "\(value)", on: writer) }

        /// Lets the reader return; what it hears behind the welcome.
        mutating func resume(at place: SyncAuthentication.Resume) -> (
            welcome: SyncWelcome?, missed: [SyncServerMessage]
        ) {
            reader = service.join("u1", device: "reader", resume: place)
            return (service.welcomed.welcome, Array(service.welcomed.messages(to: reader).dropFirst()))
        }
    }

    private func values(_ messages: [SyncServerMessage]) -> [String] {
        messages.map { message in
            guard case .stateUpdate(let change) = message else { return "\(message.kind)" }
            return change.value?.text ?? "-"
        }
    }

    @Test func `what was missed is told again in order, and only that`() {
        var scene = Scene()
        scene.write(1)
        let place = scene.place
        scene.service.close(scene.reader, cleanly: false)
        scene.write(2)
        scene.write(3)
        let (welcome, missed) = scene.resume(at: place)
        #expect(welcome?.replayed == 2 && values(missed) == ["2", "3"])
        #expect(scene.service.envelopes[scene.reader]?.sequence == place.sequence + 2)
        scene.write(4)
        #expect(scene.service.envelopes[scene.reader]?.sequence == place.sequence + 3)
        #expect(scene.service.machine.counters.recovered == 1)
    }

    @Test func `a device that missed nothing has recovered, too`() {
        var scene = Scene()
        scene.service.close(scene.reader, cleanly: false)
        #expect(scene.resume(at: scene.place).welcome?.replayed == 0)
    }

    @Test func `without resume nothing is told again`() {
        var scene = Scene()
        scene.service.close(scene.reader, cleanly: false)
        scene.write(1)
        _ = scene.service.join("u1", device: "reader")
        #expect(scene.service.welcomed.welcome?.replayed == nil)
        #expect(scene.service.welcomed.messages(to: scene.writer) == [])
    }

    @Test func `another epoch and a place that never was are not recovered`() {
        var scene = Scene()
        scene.write(1)
        let place = scene.place
        scene.service.close(scene.reader, cleanly: false)
        let wrong = SyncAuthentication.Resume(epoch: "other", sequence: place.sequence)
        #expect(scene.resume(at: wrong).welcome?.replayed == nil)
        let ahead = SyncAuthentication.Resume(epoch: place.epoch, sequence: place.sequence + 10)
        #expect(scene.resume(at: ahead).welcome?.replayed == nil)
        #expect(scene.service.machine.counters.notRecovered == 2)
    }

    @Test func `what is older than two minutes is forgotten`() {
        var scene = Scene()
        let place = scene.place
        scene.service.close(scene.reader, cleanly: false)
        scene.write(1)
        for _ in 0..<4 {
            scene.service.wait(.seconds(29))
            scene.service.pong(on: scene.writer)
        }
        #expect(scene.resume(at: place).missed.map(\.kind) == [.stateUpdate], "that it was lost itself is no news")
        scene.service.wait(.seconds(5))
        #expect(scene.resume(at: place).welcome?.replayed == nil)
    }

    @Test func `at most 500 pushes are kept`() {
        var scene = Scene()
        scene.service.isChecked = false
        let place = scene.place
        scene.service.close(scene.reader, cleanly: false)
        for number in 0..<500 { scene.write(number) }
        #expect(scene.resume(at: place).missed.count == 500)
        let later = scene.place
        scene.service.close(scene.reader, cleanly: false)
        for number in 0..<501 { scene.write(number) }
        #expect(scene.resume(at: later).welcome?.replayed == nil)
        scene.service.machine.checkInvariants()
    }

    @Test func `a device that was alone has missed nothing, and others who return have`() {
        var scene = Scene()
        let place = scene.place
        scene.service.close(scene.reader)
        scene.service.wait(.seconds(60))
        scene.service.pong(on: scene.writer)
        scene.service.wait(.seconds(70))
        scene.service.pong(on: scene.writer)
        let before = SyncAuthentication.Resume(epoch: place.epoch, sequence: scene.service.sequence)
        scene.write(1)
        scene.write(2)
        scene.service.close(scene.writer, cleanly: false)
        _ = scene.service.join("u1", device: "writer", resume: before)
        #expect(scene.service.welcomed.welcome?.replayed == 0)
        #expect(scene.resume(at: before).welcome?.replayed == nil)
    }

    @Test func `an offer of a handoff is told again to its target alone`() {
        var scene = Scene()
        scene.service.close(scene.reader, cleanly: false)
        let offer = SyncHandoffOffer(session: .named, source: "writer", target: "reader")
        scene.service.request(.offerHandoff(offer))
        #expect(scene.resume(at: scene.place).missed.map(\.kind) == [.broadcast])
        let place = scene.place
        scene.service.close(scene.writer, cleanly: false)
        let writer = scene.service.join(
            "u1", device: "writer", resume: SyncAuthentication.Resume(epoch: place.epoch, sequence: 1))
        let missed = scene.service.welcomed.messages(to: writer).dropFirst().map(\.kind)
        #expect(missed == [.deviceJoined])
    }

    @Test func `a session that nobody was in begins anew`() {
        var scene = Scene()
        let place = scene.place
        scene.service.close(scene.reader)
        scene.service.close(scene.writer)
        scene.service.wait(.seconds(200))
        #expect(scene.service.machine.heldSessionCount == 0)
        #expect(scene.resume(at: place).welcome?.replayed == nil)
    }
}

extension SyncFixture {
    /// The place of the last push of the seed's session.
    fileprivate var sequence: UInt64 { machine.session(.named, at: moment)?.sequence ?? 0 }
}
