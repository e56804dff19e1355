package import Documents

/// A time of every day, in UTC: `08:00Z` or `08:00:30Z`.
package struct TimeOfDay: Equatable, Sendable, CustomStringConvertible {
    /// Seconds since midnight.
    package let seconds: Int64

    private static let day: Int64 = 86_400_000

    /// Nil for anything else, also for a time without the `Z`: whose zone it were would be a guess.
    package init?(_ text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        var numbers: [Int64] = []
        for (part, limit) in zip(parts, [24, 60, 60] as [Int64]) {
            guard part.count == 2, part.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(part),
                number < limit
            else { return nil }
            numbers.append(number)
        }
        seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    /// The next such moment that is later than this one.
    package func next(after moment: Moment) -> Moment {
        let midnight = moment.milliseconds - moment.milliseconds % Self.day
        let today = Moment(milliseconds: midnight + seconds * 1000)
        return today > moment ? today : today + Self.day
    }

    /// `08:00:00Z`.
    package var description: String {
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + "Z"
    }
}
