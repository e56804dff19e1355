internal import Course
internal import Documents
package import Host
internal import Pages
internal import Reports
internal import Results
package import Runs

/// A whole run: its stages in their order, and the conductor that leads through them.
package struct Assembly {
    package let parts: Parts
    /// All stages, in the order of `Step`.
    package let stages: [any Stage]
    private let hold: Hold

    /// The run that was asked for in this folder; throws if what was asked cannot be read.
    package init(_ folder: RunFolder) throws(Failure) {
        let asked = try folder.asked()
        do {
            self.init(try asked.value(as: Request.self), in: folder)
        } catch {
            throw Failure(.configuration, "read \(folder.request): \(error)")
        }
    }

    /// The run of a request, whether or not its folder is there yet.
    package init(_ request: Request, in folder: RunFolder) {
        let parts = Parts(request, in: folder)
        let hold = Hold(parts)
        self.parts = parts
        self.hold = hold
        stages = [
            Locking(hold: hold), Preflight(parts),
            QuietWindow(.baseline, length: request.durations.baseline, edges: parts.edges),
            Deploying(parts), GettingReady(parts),
            QuietWindow(.idle, length: request.durations.idle, edges: parts.edges),
            Loading(parts), WarmingUp(parts), Measuring(parts), Collecting(parts), Reporting(parts), Clearing(parts),
            Verifying(parts), Unlocking(hold: hold),
        ]
    }

    /// Leads the run to an aim; returns what the process is to end with.
    package func lead(to aim: Conductor.Aim, _ progress: Progress) throws(Failure) -> Int32 {
        Interruption.hold()
        let conductor = Conductor(
            folder: parts.folder, file: try JournalFile(parts.folder), stages: stages, progress: progress)
        let parts = parts
        // From the first window's beginning to the last one's end.
        let sampled = Step.allCases.filter { $0.number >= Step.baseline.number && $0.number <= Step.window.number }
        let reading = Duty(every: parts.request.durations.reading) { [unowned conductor] () throws(Failure) in
            guard let open = conductor.journal.open, sampled.contains(open) else { return }
            try parts.edges.poll(say: progress.say)
        }
        conductor.duties = [hold.duty, reading]
        conductor.windowIsComplete = { context in
            guard let doubt = parts.doubtOfWindow else { return true }
            context.say(doubt)
            return false
        }
        conductor.windowIsRemembered = parts.edges.source.remembers
        conductor.whenFailed = { (context, setback) throws(Failure) in
            let invalid = setback.exit == Failure.Exit.dataMissing.rawValue
            try parts.report(invalid ? .invalid : .failed, failure: setback.message, context)
        }
        return conductor.run(aim)
    }
}
