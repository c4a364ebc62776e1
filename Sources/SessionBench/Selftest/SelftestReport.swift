import SessionBase
package import SessionCodec

/// The outcome of a selftest, and how it is shown.
package struct SelftestReport: Equatable, Sendable {
    /// The cells in the order in which they were measured.
    package var results: [SelftestResult] = []

    /// Makes a report without results.
    package init() {}

    /// Whether every cell proves what it should, and there is one.
    package var hasPassed: Bool { !results.isEmpty && results.allSatisfy(\.hasPassed) }

    // MARK: Text

    /// A table with one line for each percentile, and the conclusion.
    package var text: String {
        var rows = [["rate", "connections", "stalls", "", "expected", "measured", "error", "uncorrected", ""]]
        for result in results { rows += Self.rows(of: result) }
        return Self.table(rows) + "\n" + conclusion + "\n"
    }

    private static func rows(of result: SelftestResult) -> [[String]] {
        let cell = result.cell
        let stalls = "\(time(cell.stall.nanoseconds)) of \(time(cell.period.nanoseconds))"
        return result.figures.enumerated().map { place, figure in
            let isRight = abs(figure.error) <= SelftestResult.tolerance
            return [
                place == 0 ? Figures.rate(cell.rate) : "", place == 0 ? "\(cell.connections)" : "",
                place == 0 ? stalls : "", figure.name, time(figure.expected), time(figure.measured),
                signedPercent(figure.error), time(figure.uncorrected), isRight ? "ok" : "WRONG",
            ]
        }
    }

    private var conclusion: String {
        let right = results.count(where: \.isRight)
        let told = results.count(where: \.isUncorrectedWrong)
        let tolerance = Figures.percent(SelftestResult.tolerance)
        var lines = ["\(right) of \(results.count) cells are within \(tolerance) of the closed form."]
        if told == results.count {
            lines.append("A load that waits for each reply would have reported the uncorrected percentiles.")
        } else {
            lines.append(
                "In \(results.count - told) of them the uncorrected percentiles are right too, so that they prove nothing."
            )
        }
        lines.append(
            hasPassed
                ? "The figures of this program on this machine are right."
                : "The selftest failed; repeat it when nothing else runs on this machine.")
        return lines.joined(separator: "\n")
    }

    private static func time(_ nanoseconds: Int64) -> String { Figures.time(Double(nanoseconds)) }

    private static func signedPercent(_ part: Double) -> String { (part < 0 ? "" : "+") + Figures.percent(part) }

    /// Columns as wide as their widest cell, two blanks apart, without blanks at the end of a line.
    private static func table(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    // MARK: JSON

    /// The report for programs; times are nanoseconds.
    package var json: JSONValue {
        [
            "format": "sessionctl-selftest", "version": .number("1"), "passed": .boolean(hasPassed),
            "tolerance": .number("\(SelftestResult.tolerance)"), "cells": .array(results.map(Self.document)),
        ]
    }

    private static func document(of result: SelftestResult) -> JSONValue {
        [
            "rate_per_second": .number("\(result.cell.rate)"), "connections": .number("\(result.cell.connections)"),
            "period_ns": .number("\(result.cell.period.nanoseconds)"),
            "stall_ns": .number("\(result.cell.stall.nanoseconds)"),
            "periods": .number("\(result.cell.periods)"), "right": .boolean(result.isRight),
            "uncorrected_wrong": .boolean(result.isUncorrectedWrong), "passed": .boolean(result.hasPassed),
            "figures": .array(result.figures.map(document)),
        ]
    }

    private static func document(of figure: SelftestFigure) -> JSONValue {
        [
            "name": .string(figure.name), "expected_ns": .number("\(figure.expected)"),
            "measured_ns": .number("\(figure.measured)"), "error_ratio": .number("\(figure.error)"),
            "uncorrected_ns": .number("\(figure.uncorrected)"),
            "uncorrected_error_ratio": .number("\(figure.uncorrectedError)"),
        ]
    }
}
