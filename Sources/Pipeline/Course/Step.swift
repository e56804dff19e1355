/// The steps of a run, in their order.
package enum Step: String, CaseIterable, Sendable {
    case lock, preflight, baseline, deploy, ready, idle, benchmark, warmup, window, collect, report, cleanup, verify,
        unlock

    /// Its place in a run, from 1.
    package var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// The steps between taking the lock and cleaning up: what a run is for.
    package static let measuring = allCases.filter { $0 != .lock && !$0.clears }

    /// Whether it belongs to the end that every run must come to, whatever went before.
    package var clears: Bool { self == .cleanup || self == .verify || self == .unlock }

    /// Whether it puts something into the cluster that cleanup has to take out.
    package var deploys: Bool { self == .deploy || self == .benchmark }
}
