package import Course
package import Documents
package import Host

/// How a run stands, in words.
package struct RunStatus {
    package let run: String
    /// One word or a few: `running`, `done`, `failed`, `broken off`, …
    package let state: String
    /// The step that it is at, or that came last; nil if none was begun.
    package let step: Step?
    /// When that began or ended.
    package let since: Moment?
    /// The steps that are still to be done, in order.
    package let left: [Step]
    /// Why it failed, or could not be cleared; nil if neither.
    package let message: String?
    /// What a person can do about it; nil if nothing is to be done.
    package let remedy: String?
    package let mayBeInCluster: Bool

    package init(_ folder: RunFolder) throws(Failure) {
        // Asked before the journal is read: a run that ends between is then shown as over.
        let isAlive = folder.isAlive
        self.init(folder, try folder.readJournal(), isAlive: isAlive)
    }

    package init(_ folder: RunFolder, _ journal: Journal, isAlive: Bool) {
        run = folder.id
        state = Self.state(journal, isAlive: isAlive)
        step = journal.entries.last?.step
        since = journal.entries.last?.at
        message = (journal.uncleared ?? journal.failure ?? journal.refusal)?.message
        mayBeInCluster = journal.mayBeInCluster
        left =
            if journal.isOver {
                []
            } else if journal.isClearing {
                [.cleanup, .verify, .unlock].filter { !journal.isDone($0) }
            } else {
                Step.allCases.filter { !journal.isDone($0) }
            }
        remedy = journal.isOver || isAlive || journal.isUntouched ? nil : folder.remedies
    }

    /// A run whose journal cannot be read, for this reason.
    package init(_ folder: RunFolder, unreadable failure: Failure) {
        run = folder.id
        state = "unreadable"
        step = nil
        since = nil
        left = []
        message = failure.message
        remedy = nil
        mayBeInCluster = true
    }

    /// All runs in a folder, the oldest first, also the unreadable ones.
    package static func all(in runs: String) -> [RunStatus] {
        RunFolder.all(in: runs).map { folder in
            do throws(Failure) {
                return try RunStatus(folder)
            } catch {
                return RunStatus(folder, unreadable: error)
            }
        }
    }

    private static func state(_ journal: Journal, isAlive: Bool) -> String {
        if journal.isOver {
            return journal.succeeded ? "done" : journal.failure == nil ? "given up" : "failed"
        }
        if isAlive {
            if journal.isClearing { return journal.failure == nil ? "cleaning up" : "failed, cleaning up" }
            return journal.open == .lock || journal.entries.isEmpty ? "waiting for the lock" : "running"
        }
        if journal.isUntouched { return journal.open == nil && journal.attempt > 0 ? "refused" : "never began" }
        if journal.uncleared != nil { return "not cleared" }
        return journal.open == nil && journal.failure == nil && !journal.isClearing ? "stopped" : "broken off"
    }

    /// What is left to do, in few words.
    package var leftInWords: String {
        guard let first = left.first, let last = left.last else { return "nothing" }
        return left.count < 4 ? left.map(\.rawValue).joined(separator: ", ") : "\(first.rawValue) to \(last.rawValue)"
    }

    package var json: JSON {
        .object([
            "run": .string(run), "state": .string(state), "step": step.map { .string($0.rawValue) } ?? .null,
            "since": since.map { .string($0.description) } ?? .null,
            "left": .array(left.map { .string($0.rawValue) }), "message": message.map(JSON.string) ?? .null,
            "remedy": remedy.map(JSON.string) ?? .null, "may_be_in_cluster": .bool(mayBeInCluster),
        ])
    }
}
