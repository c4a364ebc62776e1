package import SessionBase

extension Hub {
    /// Takes what the hub of another loop sent.
    package mutating func delivered(
        _ parcel: HubParcel, from loop: Int, at moment: Moment, effects: inout Effects
    ) {
        switch parcel {
        case .subscribe(let request): ask(request, at: moment, effects: &effects)
        case .withdraw(_, let number): withdraw(RequestKey(loop: loop, number: number), at: moment)
        case .leave(let topic): left(topic, by: loop, at: moment)
        case .answer(let number, let topic, let answer):
            accept(answer, to: number, about: topic, at: moment, effects: &effects)
        case .publish(let topic, let publication, let time):
            sequence(publication, to: topic, from: loop, sentAt: time, at: moment, effects: &effects)
        case .publication(let delivery): receive(delivery, from: loop, effects: &effects)
        case .count(let tally, let delivered): count(tally, delivered, effects: &effects)
        case .outcome(let outcome): emit(.published(outcome))
        }
    }
}
