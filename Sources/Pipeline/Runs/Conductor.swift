package import Course
package import Documents
package import Host

/// Leads a run through its steps and, whatever happens, to its end.
///
/// Each step's intent is on the disk before anything is done and its result after. A failure or a signal leads to
/// cleanup, verify and unlock; a second signal during those gives up.
package final class Conductor {
    package let folder: RunFolder
    package let progress: Progress
    package let time: Timepiece
    /// What is to be done between, while the lock is had.
    package var duties: [Duty] = []
    /// Whether a window that an earlier process began can still be measured as a whole.
    package var windowIsComplete: (Context) -> Bool = { _ in false }
    /// Whether the end of a window can still be measured when it lies in the past.
    package var windowIsRemembered = false
    /// Called before the cleanup of a run that failed, so that no report of it passes for a good one; may be called
    /// again for the same run.
    package var whenFailed: (Context, Journal.Setback) throws(Failure) -> Void = { _, _ in }

    private let file: JournalFile
    private let stages: [Step: any Stage]
    private let attempt: Int
    /// What the process is to end with: the first thing that went wrong.
    private var first: Failure?
    /// Why the run may go no further even though no step has failed.
    private var condemned: String?
    /// Why something could not be written, as far as that was said.
    private var laments: Set<String> = []
    private var signals = 0
    /// Whether this process has written the report of a failure.
    private var hasTold = false
    private var due: [Int64] = []

    /// A step without a stage has nothing to do.
    package init(
        folder: RunFolder, file: JournalFile, stages: [any Stage], progress: Progress, time: Timepiece = .real
    ) {
        self.folder = folder
        self.file = file
        self.stages = Dictionary(stages.map { ($0.step, $0) }) { $1 }
        self.progress = progress
        self.time = time
        attempt = file.journal.attempt + 1
    }

    package var journal: Journal { file.journal }

    /// How far a call leads.
    package enum Aim: Equatable {
        /// To the end.
        case end
        /// Up to this step and no further, if nothing fails: what is deployed stays, and a later call goes on.
        case through(Step)
        /// Straight to cleanup, verify and unlock.
        case clear
    }

    /// Begins the run, or takes it up where its journal ends; returns what the process is to end with.
    ///
    /// That is the run's first failure's code, 0 if there was none; for `clear` only what went wrong in clearing counts.
    package func run(_ aim: Aim = .end) -> Int32 {
        if attempt > 1, aim != .clear { progress.say(takingUp) }
        if aim != .clear, let setback = journal.failure {
            first = Failure(Failure.Exit(rawValue: setback.exit) ?? .dataMissing, setback.message)
            progress.say("run \(folder.id) failed at \(setback.step.rawValue): \(setback.message)")
        }
        if !file.isWhole { condemned = "the journal lacks what an earlier attempt could not write down" }
        lead(aim)
        // A disk that was full may have kept the report of a failure from being written.
        if journal.isOver, journal.failure != nil, !hasTold, !Files.exists(folder.report) { tellFailed() }
        if aim == .clear, journal.isOver, signals == 0, file.isWhole { first = nil }
        if aim != .clear, first == nil, journal.isOver, !journal.succeeded {
            first = Failure(.dataMissing, givenUp.message)
            progress.say(givenUp.message)
        }
        if !journal.isOver, journal.uncleared != nil || (journal.mayBeInCluster && first != nil) {
            progress.say("run \(folder.id) is not cleared; when the cause is mended: brahe cleanup \(folder.id)")
        }
        if !file.isWhole {
            progress.say("what was done is not written down; when the disk has room: brahe cleanup \(folder.id)")
        }
        progress.end(journal, run: folder.id)
        return first?.exit.rawValue ?? 0
    }

    /// What a later process does with the run, in words; whether a window is complete is asked only once it has the lock.
    private var takingUp: String {
        let next =
            switch Resumption(of: journal, now: time.now(), complete: true, remembered: windowIsRemembered) {
            case .begin: "it begins now"
            case .proceed(let step): "it goes on with \(step.rawValue)"
            case .waitOn: "its window is still open"
            case .invalid(let reason): "\(reason), so it is cleared"
            case .clear: "only clearing is left"
            case .done: "nothing is left to do"
            }
        return "taking up run \(folder.id): \(next)"
    }

    private func lead(_ aim: Aim) {
        var told = false
        while var step = journal.next(inNewAttempt: journal.attempt < attempt) {
            if case .through(let last) = aim, step.number > last.number, !journal.isClearing, condemned == nil {
                return
            }
            if aim == .clear, Step.measuring.contains(step) { step = .cleanup }
            if step.clears, !told {
                told = true
                tellFailed()
            }
            let count = journal.entries.count
            guard perform(step) || Step.measuring.contains(step), journal.entries.count > count else { return }
        }
    }

    /// Whether the step was done.
    private func perform(_ step: Step) -> Bool {
        let context = Context(self, step: step)
        progress.begin(step)
        do {
            try write(step, .intent, [:])
            try pause(milliseconds: 0)
            let detail = try work(step, context)
            if step == .lock { due = duties.map { time.elapsed() + $0.every } }
            do {
                try write(step, .result, detail)
            } catch {
                // It is done, and nobody after us can know that.
                condemned = condemned ?? error.message
            }
            progress.done()
            return true
        } catch {
            fail(step, error)
            return false
        }
    }

    private func work(_ step: Step, _ context: Context) throws(Failure) -> JSON {
        if Step.measuring.contains(step) {
            if let condemned { throw Failure(.dataMissing, condemned) }
            if step == .window, journal.window != nil {
                let complete = windowIsComplete(context)
                let resumption = Resumption(
                    of: journal, now: time.now(), complete: complete, remembered: windowIsRemembered)
                if case .invalid(let reason) = resumption {
                    throw Failure(.dataMissing, reason)
                }
            }
        }
        // What may be wrong with the cluster cannot keep a run from ending that never used it.
        if step == .cleanup || step == .verify, !journal.mayBeInCluster { return ["nothing": true] }
        return try stages[step]?.perform(context) ?? [:]
    }

    private func fail(_ step: Step, _ failure: Failure) {
        if failure.isSignal { signals += 1 }
        let known = step.clears && !failure.isSignal ? Failure(.cleanup, failure.message) : failure
        first = first ?? known
        try? write(
            step, .failure, ["message": .string(known.message), "exit": .integer(Int64(known.exit.rawValue))])
        progress.failed(known.message)
    }

    /// What is wrong with a run that nothing failed in and that is cleaned up all the same.
    private var givenUp: Journal.Setback {
        Journal.Setback(
            step: .cleanup, exit: Failure.Exit.dataMissing.rawValue,
            message: "run \(folder.id) was cleaned up before it was finished")
    }

    private func tellFailed() {
        guard journal.failure != nil || !Step.measuring.allSatisfy({ journal.isDone($0) }) else { return }
        do {
            try whenFailed(Context(self, step: .cleanup), journal.failure ?? givenUp)
            hasTold = true
        } catch {
            lament(error)
        }
    }

    /// Says that something cannot be written, each reason once: a full disk refuses one file after another.
    private func lament(_ failure: Failure, _ consequence: String = "") {
        let reason = failure.message.split(separator: ": ").last.map(String.init) ?? failure.message
        let said = ([first?.message, condemned].compactMap { $0 } + laments).contains { $0.hasSuffix(reason) }
        laments.insert(reason)
        if !said { progress.say(failure.message + consequence) }
    }

    /// Writes a line of the journal; throws if the disk does not take it, which is said once.
    private func write(_ step: Step, _ phase: Entry.Phase, _ detail: JSON) throws(Failure) {
        do {
            try file.append(step, phase, detail, attempt: attempt, at: time.now())
        } catch {
            lament(error, "; going on without a journal")
            first = first ?? error
            condemned = condemned ?? error.message
            // Nothing keeps us from clearing.
            guard step.clears else { throw error }
        }
    }

    package func note(_ members: JSON, of step: Step) throws(Failure) { try write(step, .note, members) }

    /// Sleeps, does the duties that are due and sees signals.
    package func pause(milliseconds: Int64) throws(Failure) {
        let end = time.elapsed() + milliseconds
        while true {
            let now = time.elapsed()
            try performDuties(at: now)
            progress.refresh()
            let duty = journal.open == .unlock ? end : due.min() ?? end
            let next = min(end, duty, now + 1000)
            do {
                try time.pause(UInt32(clamping: next - now))
            } catch {
                try take(error)
            }
            if time.elapsed() >= end { return }
        }
    }

    private func performDuties(at now: Int64) throws(Failure) {
        // What unlock gives back must not be renewed.
        guard journal.open != .unlock else { return }
        for (index, duty) in duties.enumerated() where index < due.count && due[index] <= now {
            // In step with the time before, unless that one is long past.
            due[index] = max(due[index] + duty.every, now + duty.every / 2)
            do {
                try duty.perform()
            } catch {
                if journal.open?.clears != true { throw error }
            }
        }
    }

    /// A signal ends a step; the first of all does not end cleaning up, the second does.
    private func take(_ signal: Failure) throws(Failure) {
        guard journal.open?.clears == true else { throw signal }
        signals += 1
        first = first ?? signal
        guard signals < 2 else { throw Failure(.cleanup, "\(signal.message) again: given up") }
        progress.say("\(signal.message); cleaning up all the same, the next signal gives up")
    }
}

extension Failure {
    /// Whether it is a signal that asked brahe to end.
    fileprivate var isSignal: Bool { exit == .hungUp || exit == .interrupted || exit == .terminated }
}
