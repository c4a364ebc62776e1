package import SessionCodec

/// A comparison for programs.
extension RunComparison {
    /// The name of the format; fields are added and never changed or removed as long as it stands
    /// (`compare-1.schema.json`, beside this file).
    package static let schema = "sessionctl.compare/1"

    /// Writes the comparison as one object.
    ///
    /// - Parameter results: What came of each `--fail-if`.
    package func write(to json: inout JSONWriter, results: [AssertionResult]) {
        json.object { json in
            json.field("schema", Self.schema)
            json.field("a") { left.write(to: &$0) }
            json.field("b") { right.write(to: &$0) }
            json.field("paired", isPaired)
            json.field("confidence", 0.95)
            json.field("metrics") { json in
                json.array { json in for change in changes { change.write(to: &json) } }
            }
            json.field("warnings") { json in
                json.array { json in for warning in warnings { json.value(warning) } }
            }
            json.field("fail_if") { json in
                json.array { json in for result in results { Self.write(result, to: &json) } }
            }
        }
    }

    private static func write(_ result: AssertionResult, to json: inout JSONWriter) {
        json.object { json in
            json.field("text", result.text)
            json.field("passed", result.isPassed)
            json.key("change")
            json.value(result.actual ?? .nan)
        }
    }
}

extension RunComparison.Side {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("runs", runs.count)
        }
    }
}

extension MetricChange {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("metric", name)
            json.field("unit", kind.rawValue)
            for (key, values, median) in [("a", left, medians.left), ("b", right, medians.right)] {
                json.field(key) { json in
                    json.object { json in
                        json.field("median", median)
                        json.field("values") { json in
                            json.array { json in for value in values { json.value(value) } }
                        }
                    }
                }
            }
            // JSON has no infinity: `null` where A has nothing to compare with.
            json.field("ratio", ratio)
            json.field("ratio_low", interval?.lowerBound ?? .nan)
            json.field("ratio_high", interval?.upperBound ?? .nan)
            json.field("conclusion", conclusion.rawValue)
        }
    }
}
