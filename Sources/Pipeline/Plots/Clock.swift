internal import Documents

/// A time of the clock in UTC, for people.
struct Clock {
    enum Detail { case seconds, minutes, day, all }
    private let date: Substring
    private let time: Substring

    /// Seconds of Unix time; what lies outside the years 1 to 9999 is moved to the nearer end.
    init(_ seconds: Double) {
        let tame = seconds.isNaN ? 0 : min(max(seconds, -62_135_596_800), 253_402_300_799)
        self.init(Moment(milliseconds: Int64((tame * 1000).rounded())))
    }

    init(_ moment: Moment) {
        let parts = moment.description.split(separator: "T", maxSplits: 1)
        date = parts.first ?? ""
        time = parts.count > 1 ? parts[1] : ""
    }

    /// `08:05:00`, `08:05`, `2026-11-21`, or `2026-11-21 08:05:00`.
    func text(_ detail: Detail) -> String {
        switch detail {
        case .seconds: String(time.prefix(8))
        case .minutes: String(time.prefix(5))
        case .day: String(date)
        case .all: "\(date) \(time.prefix(8))"
        }
    }

    /// A length of time: `250 ms`, `45 s`, `15 min`, `1 h 05 min`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return Digits.dash }
        if seconds < 60, seconds == seconds.rounded() { return Digits.fixed(seconds, decimals: 0) + " s" }
        guard seconds >= 60, seconds < 1e12 else { return Unit.text(seconds, "s") }
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(two(whole % 60)) s" }
        return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
    }
}
