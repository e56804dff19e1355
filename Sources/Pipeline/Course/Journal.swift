package import Documents

/// What happened in a run so far, and so what may happen next.
///
/// Each process that works on a run is an attempt. It takes the lock, goes on where the one before it stopped, and if
/// anything fails it goes to cleanup, verify and unlock, in this order and each only after the one before it. So a run
/// gives its lock back only when nothing of it is in the cluster.
package struct Journal: Equatable, Sendable {
    package private(set) var entries: [Entry] = []
    /// The latest attempt; 0 if there was none.
    package private(set) var attempt = 0
    /// The step that the latest attempt began and did not end.
    package private(set) var open: Step?
    /// Why the run came to nothing: the first failure of a measuring step.
    package private(set) var failure: Setback?
    /// Why the cluster could not be cleared, until it is.
    package private(set) var uncleared: Setback?
    /// The steps that are done, with what they found.
    private var results: [Step: JSON] = [:]
    private var notes: [Step: JSON] = [:]
    private var begun: Set<Step> = []
    /// What the latest attempt itself finished.
    private var fresh: Set<Step> = []
    /// Whether the latest attempt can do no more.
    private var stuck = false

    package init() {}

    /// A step that failed.
    package struct Setback: Equatable, Sendable {
        package let step: Step
        /// The exit code that goes with it.
        package let exit: Int32
        package let message: String

        package init(step: Step, exit: Int32, message: String) {
            self.step = step
            self.exit = exit
            self.message = message
        }
    }

    /// What a step found, from its result and its notes; an empty object if it did nothing yet.
    package func detail(of step: Step) -> JSON {
        let noted = notes[step, default: [:]].object
        return .object(noted.merging(results[step, default: [:]].object) { $1 })
    }

    /// Whether the step is done.
    package func isDone(_ step: Step) -> Bool { results[step] != nil }
    /// Whether the step was ever begun.
    package func wasBegun(_ step: Step) -> Bool { begun.contains(step) }

    /// Whether the run did nothing but ask for the lock.
    package var isUntouched: Bool { begun.subtracting([.lock]).isEmpty }
    /// Why the latest attempt did not get the lock; nil if it did.
    package var refusal: Setback? {
        guard let last = entries.last, last.step == .lock, last.phase == .failure else { return nil }
        return Self.setback(last)
    }
    /// Whether there is nothing left to do for it.
    package var isOver: Bool { isDone(.unlock) }
    /// Whether a process took it up and none led it to its end.
    package var isUnfinished: Bool { !entries.isEmpty && !isOver }
    /// Whether something of the run may be in the cluster.
    package var mayBeInCluster: Bool { begun.contains { $0.deploys } && !isDone(.verify) }
    /// Whether nothing but cleaning up is left.
    package var isClearing: Bool { failure != nil || begun.contains(.cleanup) }
    /// Whether everything was done, nothing failed and the cluster was left clean.
    package var succeeded: Bool { isOver && failure == nil && Step.measuring.allSatisfy { isDone($0) } }

    /// When the measured window began and is to end; nil if it has not begun, an end of nil if nobody can know it yet.
    package var window: (began: Moment, ends: Moment?)? {
        let noted = detail(of: .window)
        guard let began = noted["began"].string.flatMap({ Moment($0) }) else { return nil }
        return (began, noted["ends"].string.flatMap { Moment($0) })
    }

    /// The step that this attempt, or a new one, begins next; nil if it can do no more.
    package func next(inNewAttempt new: Bool = false) -> Step? {
        if isOver || (stuck && !new) { return nil }
        // What is not ours any more can be given back without asking for it.
        if isDone(.verify) { return .unlock }
        guard !new, fresh.contains(.lock) else { return .lock }
        if isClearing { return isDone(.cleanup) ? .verify : .cleanup }
        guard let step = Step.measuring.first(where: { !isDone($0) }) else { return .cleanup }
        // Nobody watched meanwhile: what was ready may have gone, and must be again before it is measured.
        let late = isDone(.ready) && !fresh.contains(.ready) && step.number <= Step.window.number
        return late && window == nil ? .ready : step
    }

    /// Adds a line; throws if it cannot follow those before it.
    package mutating func append(_ entry: Entry) throws(Entry.Wrong) {
        guard entry.sequence == entries.count + 1 else {
            throw Entry.Wrong(reason: "sequence is \(entry.sequence) and should be \(entries.count + 1)")
        }
        if entry.phase == .intent {
            try begin(entry)
        } else {
            guard entry.step == open, entry.attempt == attempt else {
                throw Entry.Wrong(reason: "\(entry.phase.rawValue) of \(entry.step.rawValue), which was not begun")
            }
            end(entry)
        }
        entries.append(entry)
    }

    private mutating func begin(_ entry: Entry) throws(Entry.Wrong) {
        let new = entry.attempt == attempt + 1
        guard new || (entry.attempt == attempt && attempt > 0) else {
            throw Entry.Wrong(reason: "attempt is \(entry.attempt) after \(attempt)")
        }
        guard new || open == nil else {
            throw Entry.Wrong(reason: "\(entry.step.rawValue) is begun before \(open?.rawValue ?? "") ended")
        }
        let next = next(inNewAttempt: new)
        // A person may give up a run at any time.
        let givesUp = entry.step == .cleanup && !stuck && next.map { Step.measuring.contains($0) } ?? false
        guard entry.step == next || givesUp else {
            let expected = next.map { "\($0.rawValue) comes next" } ?? "nothing may follow"
            throw Entry.Wrong(reason: "\(entry.step.rawValue) is begun, and \(expected)")
        }
        if new {
            attempt = entry.attempt
            fresh = []
            stuck = false
        }
        open = entry.step
        begun.insert(entry.step)
        results[entry.step] = nil
    }

    private mutating func end(_ entry: Entry) {
        let step = entry.step
        switch entry.phase {
        case .intent: return
        case .note:
            notes[step] = .object(notes[step, default: [:]].object.merging(entry.detail.object) { $1 })
            return
        case .result:
            results[step] = entry.detail
            fresh.insert(step)
            if step == .unlock { uncleared = nil }
        case .failure:
            let setback = Self.setback(entry)
            // A lock that is not had says nothing about the run.
            if Step.measuring.contains(step) { failure = failure ?? setback } else { stuck = true }
            if step.clears { uncleared = setback }
            // What is still there after cleanup needs cleanup again.
            if step == .verify { results[.cleanup] = nil }
        }
        open = nil
    }

    private static func setback(_ entry: Entry) -> Setback {
        Setback(
            step: entry.step, exit: entry.detail["exit"].integer.flatMap { Int32(exactly: $0) } ?? 8,
            message: entry.detail["message"].string ?? "\(entry.step.rawValue) failed")
    }
}
