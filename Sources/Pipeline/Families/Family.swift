/// All series of one metric on one page, as the client model of Prometheus groups them.
package struct Family: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case counter = "COUNTER"
        case gauge = "GAUGE"
        case summary = "SUMMARY"
        case histogram = "HISTOGRAM"
        case untyped = "UNTYPED"
    }

    /// One series; of a summary or a histogram, all that carry the same labels.
    package struct Metric: Equatable, Sendable {
        /// Without the `quantile` of a summary and the `le` of a histogram.
        package let labels: [String: String]
        /// In milliseconds of Unix time, if the page says one.
        package var timestamp: Int64?
        /// Of a counter, a gauge or an untyped metric.
        package var value = 0.0
        /// Values by quantile, or cumulative counts by upper bound, each as a text.
        package var parts: [String: String] = [:]
        package var count: UInt64 = 0
        package var sum = 0.0
    }

    /// On an OpenMetrics page too the name that the text format has: a counter's ends in `_total`.
    package let name: String
    package let help: String
    package let kind: Kind
    /// In the order of the page.
    package internal(set) var metrics: [Metric] = []
}
