package import Documents
package import Host

extension Lease {
    /// What a lease says of its holder.
    package struct Holding: Equatable, Sendable {
        /// The run; empty if it was released and not deleted.
        package let holder: String
        /// When it was taken; nil if it does not say so.
        package let since: Moment?
        /// When it was last renewed; nil if it does not say so.
        package let renewed: Moment?
        package let durationSeconds: Int64

        /// From a lease as the API server shows it.
        package init(_ lease: JSON) {
            let spec = lease["spec"]
            holder = spec["holderIdentity"].string ?? ""
            since = spec["acquireTime"].string.flatMap { Moment($0) }
            renewed = spec["renewTime"].string.flatMap { Moment($0) }
            durationSeconds = spec["leaseDurationSeconds"].integer ?? 0
        }

        /// True if its holder has not renewed it in time, by this machine's clock and the holder's.
        package func hasExpired(at now: Moment) -> Bool {
            guard let renewed else { return true }
            let (span, overflow) = durationSeconds.multipliedReportingOverflow(by: 1000)
            return !overflow && now - renewed > span
        }

        /// What to end with where it keeps another run away.
        package func failure(namespace: String, now: Moment = .now) -> Failure {
            let what =
                "the lease \(namespace)/\(Lease.name) is held by the run \(holder)"
                + (since.map { " since \($0)" } ?? "")
            guard hasExpired(at: now) else { return Failure(.locked, what) }
            let last = renewed.map { "has not renewed it since \($0)" } ?? "has never renewed it"
            return Failure(
                .locked,
                "\(what), which \(last) and may have left something in the cluster: brahe resume \(holder), "
                    + "or brahe cleanup \(holder)")
        }
    }
}
