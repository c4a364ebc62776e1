internal import CommandKit
internal import SessionCore

extension BoardConfiguration {
    /// How board behaves, as the settings have it.
    init(_ settings: Settings) {
        self.init()
        persistence.debounce = settings[ServeOptions.boardDebounce]
        persistence.debounceMax = settings[ServeOptions.boardDebounceMax]
        maxRooms = settings[ServeOptions.boardMaxRooms]
        snapshotBytesMax = settings[ServeOptions.boardSnapshotLimit]
    }
}
