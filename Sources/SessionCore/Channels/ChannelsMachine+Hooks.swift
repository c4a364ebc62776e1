import SessionBase
import SessionCodec

/// Tells the operator's endpoint which channels have subscribers (EXT).
///
/// A channel is vacant once it had nobody for a second, so that one that comes back at once is no news.
extension ChannelsMachine {
    /// For how long a channel must have nobody.
    private static let vacancyGrace = Duration.seconds(1)

    /// How often the endpoint is told: anybody can make channels, and what is told must not hide what is asked.
    private static let tellingRate = TokenRate(tokens: 100, each: .seconds(1))

    /// Notes that a channel has its first subscriber.
    mutating func occupied(_ channel: String, at moment: Moment, effects: inout Effects) {
        guard configuration.hasHook, vacancies.removeValue(forKey: channel) == nil else { return }
        call("channel_occupied", channel, at: moment, effects: &effects)
    }

    /// Notes that a channel lost its last subscriber.
    mutating func vacated(_ channel: String, at moment: Moment) {
        guard configuration.hasHook else { return }
        vacancies[channel] = moment.instant + Self.vacancyGrace
        vacanciesDue.push(channel, due: moment.instant + Self.vacancyGrace)
    }

    /// Tells of the channels that stayed vacant.
    mutating func tellVacancies(at moment: Moment, effects: inout Effects) {
        while let channel = vacanciesDue.popDue(at: moment.instant) {
            // An entry may be older than the last vacancy.
            guard let due = vacancies[channel], due <= moment.instant else { continue }
            vacancies[channel] = nil
            call("channel_vacated", channel, at: moment, effects: &effects)
        }
    }

    private mutating func call(_ event: String, _ channel: String, at moment: Moment, effects: inout Effects) {
        guard tellings.take(at: moment.instant, Self.tellingRate) else {
            counters.untoldChannels += 1
            return
        }
        let body = JSONFragment { json in
            json.field("event", event)
            json.field("channel", channel)
            json.field("timestamp", moment.timestamp)
        }
        effects.hook(HookCall(event: event, body: body.bytes))
    }
}
