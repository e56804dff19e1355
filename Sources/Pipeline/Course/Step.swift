/// The steps of a run, in their order.
package enum Step: String, CaseIterable, Sendable {
    case lock, preflight, baseline, deploy, ready, idle, benchmark, warmup, window, collect, report, cleanup, verify,
        unlock
}
