package import CommandKit
package import SessionClient

/// Shows the news of a script as they come.
package protocol NewsPresenter {
    /// Shows one event.
    func show(_ news: WatchNews) throws(CommandError)

    /// Leaves the output as it should stay: nothing more is shown.
    func finish() throws(CommandError)
}

/// One line an event: for programs the object, for people the text.
package struct LinePresenter: NewsPresenter {
    private let printer: ResultPrinter

    /// Shows events on a printer.
    package init(_ printer: ResultPrinter) { self.printer = printer }

    package func show(_ news: WatchNews) throws(CommandError) { try printer.event(news.value, news.line) }

    package func finish() throws(CommandError) {}
}
