/// The bucket of a rate limit: every request takes one out.
struct Bucket {
    private let limit: WebConfig.RateLimit?
    private var credit: UInt64
    private var last: UInt64 = 0

    /// A full bucket.
    init(_ limit: WebConfig.RateLimit?) {
        self.limit = limit
        credit = Self.most(limit)
    }

    private static func most(_ limit: WebConfig.RateLimit?) -> UInt64 {
        guard let limit else { return 0 }
        let (product, overflow) = limit.interval.multipliedReportingOverflow(by: limit.burst)
        return overflow ? .max / 2 : min(product, .max / 2)
    }

    /// Takes one out at `now`, monotonic nanoseconds; false when there is none.
    mutating func take(at now: UInt64) -> Bool {
        guard let limit else { return true }
        // What has come in since is at most what there is room for.
        credit = min(Self.most(limit), credit + min(now - min(last, now), .max / 2))
        last = now
        guard credit >= limit.interval else { return false }
        credit -= limit.interval
        return true
    }
}
