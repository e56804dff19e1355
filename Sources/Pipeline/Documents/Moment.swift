internal import FoundationEssentials

/// An instant, in milliseconds of Unix time.
package struct Moment: Comparable, Hashable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Reads ISO 8601 in UTC or with an offset, with or without a fraction of a second; nil for anything else.
    package init?(_ text: String) {
        let whole = Date.ISO8601FormatStyle()
        let fraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? whole.parse(text)) ?? (try? fraction.parse(text)) else { return nil }
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// Now, by CLOCK_REALTIME.
    package static var now: Moment {
        Moment(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded()))
    }

    /// ISO 8601 in UTC with milliseconds: `2026-11-21T08:05:00.000Z`.
    package var description: String {
        // Foundation cuts a fraction off where a Double is a little below it.
        let fraction = (milliseconds % 1000 + 1000) % 1000
        let second = Date(timeIntervalSince1970: Double((milliseconds - fraction) / 1000))
        let digits = String(1000 + fraction).dropFirst()
        return "\(second.formatted(Date.ISO8601FormatStyle()).dropLast()).\(digits)Z"
    }

    /// For names of runs: `20261121T080500Z`.
    package var compact: String {
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        return Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(style)
    }

    package static func < (one: Moment, other: Moment) -> Bool { one.milliseconds < other.milliseconds }
    package static func + (moment: Moment, milliseconds: Int64) -> Moment {
        Moment(milliseconds: moment.milliseconds + milliseconds)
    }
    /// From the other to the one, in milliseconds.
    package static func - (one: Moment, other: Moment) -> Int64 { one.milliseconds - other.milliseconds }
}
