package import Documents
package import Host
package import Registry

/// Has targets measured by the workflow on GitHub: one run for each that is wanted, no more and no fewer.
///
/// GitHub's concurrency keeps one run that runs and one that waits, and cancels the waiting one for a third. So a run
/// is dispatched only while none waits, and seen to begin before the next.
package final class Dispatcher {
    /// Until when a run is watched.
    package enum Wait: String, Sendable { case none, started, completed }

    let api: API
    let book: StateBook
    let workflow: Workflow
    let tell: (String) -> Void
    private let wait: Wait
    private let tries: Int
    /// When this trigger began.
    private let begun: Moment
    /// Why nothing more can be dispatched by this trigger.
    private var blocked: String?

    /// Clocks differ: a run that GitHub says is older than its request by no more than this may be its.
    private static let clockDifference: Int64 = 10 * 60_000

    package init(
        api: API, book: StateBook, workflow: Workflow, wait: Wait, tries: Int, begun: Moment = .now,
        tell: @escaping (String) -> Void
    ) {
        self.api = api
        self.book = book
        self.workflow = workflow
        self.wait = wait
        self.tries = tries
        self.begun = begun
        self.tell = tell
        if let last = book.state.attempts.map(\.intended).max() { api.noteWrite(at: min(last, begun)) }
    }

    /// Sees to it that a target has so many runs, or so many more if that is forced. Returns what there is, in words.
    package func measure(_ target: Target, runs: Int, forced: Bool) throws(Failure) -> String {
        // A run that an earlier trigger may have started, and that shows up now, is one of those asked for again.
        let certain = book.state.attempts.count { $0.target == target && $0.isInHand && !$0.isUnclear }
        for index in book.state.indices(of: target) where book.state.attempts[index].isOpen {
            try settle(index)
        }
        let wanted = runs + (forced ? certain : 0)
        var words = "measured already"
        if let last = lastInHand(target) { words = last.conclusion == nil ? say(last) : words + page(last) }
        while true {
            switch book.state.next(for: target, wanted: wanted, begun: begun, tries: tries, forgiving: forced) {
            case .enough: return words
            case .givenUp(let reason): throw Failure(.gitHub, reason)
            case .unclear(let index): throw unclear(book.state.attempts[index])
            case .dispatch:
                try dispatch(target)
                if let last = lastInHand(target) { words = say(last) }
            }
        }
    }

    /// Dispatches one run and watches it as far as asked.
    private func dispatch(_ target: Target) throws(Failure) {
        if let blocked { throw Failure(.gitHub, "not dispatched: \(blocked)") }
        let newest = try waitForQueue()
        let index = try book.change { $0.intend(target, after: newest, now: .now) }
        try request(index)
        if wait != .none { try follow(index, until: wait) }
    }

    /// Waits until no run of the workflow waits, which another one would cancel. Returns the number of the newest run.
    private func waitForQueue() throws(Failure) -> Int64 {
        let deadline = Moment.now + api.times.start
        var told = false
        while true {
            let runs = try list(workflow.runs)
            guard let waiting = runs.first(where: \.isWaiting) else { return runs.map(\.id).max() ?? 0 }
            let reason = "run \(waiting.id) (\(waiting.title)) still waits, and another one would cancel it"
            guard .now < deadline else {
                blocked = reason
                throw Failure(.gitHub, "not dispatched: \(reason)")
            }
            if !told { tell(reason) }
            told = true
            try api.pause(api.times.poll)
        }
    }

    /// Sends the request for an attempt that is written down, and sorts out the answer.
    private func request(_ index: Int) throws(Failure) {
        let target = book.state.attempts[index].target
        var withDetails = true
        var failures = 0
        while true {
            let reply = try api.post(workflow.dispatches, workflow.body(for: target, withDetails: withDetails))
            switch DispatchAnswer(reply, withDetails: withDetails) {
            case .accepted(let run?, let page):
                return try found(index, WorkflowRun(id: run, status: "queued", title: target.title, page: page ?? ""))
            case .accepted(nil, _):
                guard try look(index) else {
                    try become(index, .unknown, "GitHub took the request and shows no run")
                    throw unclear(book.state.attempts[index])
                }
                return
            case .ambiguous(let reason):
                try become(index, .unknown, reason)
                guard try look(index) else { throw unclear(book.state.attempts[index]) }
                return
            case .detailsNotKnown:
                withDetails = false
            case .refused(let reason):
                try become(index, .refused, reason)
                throw Failure(.gitHub, reason)
            case .limited(let limit):
                do {
                    try api.wait(for: limit, time: failures, of: "dispatch", reply)
                } catch {
                    try become(index, .refused, error.message)
                    throw error
                }
                failures += 1
            case .unsent(let reason):
                guard failures < 3 else {
                    try become(index, .refused, reason)
                    throw Failure(.gitHub, "dispatch: \(reason)")
                }
                try api.pause(api.times.retry << Int64(failures))
                failures += 1
            }
        }
    }

    /// Looks for the run of an attempt, for a while; false if there is none to be seen.
    private func look(_ index: Int) throws(Failure) -> Bool {
        let deadline = Moment.now + api.times.look
        while true {
            let attempt = book.state.attempts[index]
            let known = Set(book.state.attempts.compactMap(\.run))
            let others = Set(book.state.attempts.map(\.target.title)).subtracting([attempt.target.title])
            let runs = try list(workflow.dispatched(since: attempt.intended + -Self.clockDifference))
                .filter { !known.contains($0.id) }
            if let run = WorkflowRun.started(by: attempt.target, among: runs, after: attempt.after, others: others) {
                try found(index, run)
                return true
            }
            guard .now < deadline else { return false }
            try api.pause(min(api.times.poll, api.times.look))
        }
    }

    /// Finds out what became of an attempt of an earlier trigger.
    private func settle(_ index: Int) throws(Failure) {
        let attempt = book.state.attempts[index]
        if attempt.isUnclear, try !look(index) {
            guard .now - attempt.intended >= api.times.quiet else { return }
            return try become(index, .dropped, "no run was ever seen")
        }
        try follow(index, until: wait)
    }

    /// Watches a run until it has begun or ended, as asked; once only with `none`.
    private func follow(_ index: Int, until wait: Wait) throws(Failure) {
        guard let id = book.state.attempts[index].run else { return }
        let deadline = Moment.now + api.times.start
        var end: Moment?
        var told = false
        while true {
            let run = try self.run(id)
            if let run, run.isCompleted { return try complete(index, run) }
            // A new run may take a moment to show; an old one was deleted.
            if run == nil, .now - book.state.attempts[index].changed > api.times.look {
                return try complete(index, WorkflowRun(id: id, status: "completed", conclusion: "gone", title: ""))
            }
            if let run, !run.isWaiting {
                if book.state.attempts[index].status != .started { try become(index, .started) }
                if wait != .completed { return }
                end = end ?? .now + api.times.run
            }
            if wait == .none { return }
            guard .now < end ?? deadline else {
                let reason = "run \(id) \(end == nil ? "has not begun" : "has not ended") yet"
                blocked = reason
                throw Failure(.gitHub, reason + page(book.state.attempts[index]))
            }
            if !told { tell("run \(id) (\(book.state.attempts[index].target)) is \(run?.status ?? "not to be seen")") }
            told = true
            try api.pause(api.times.poll)
        }
    }

    /// Writes down how a run ended.
    private func complete(_ index: Int, _ run: WorkflowRun) throws(Failure) {
        let conclusion = run.conclusion ?? "none"
        if conclusion == "cancelled", try !anyJobStarted(run.id) {
            tell("GitHub dropped run \(run.id) (\(book.state.attempts[index].target)) before it began")
            return try become(index, .dropped, "cancelled before any job began")
        }
        let wasKnown = book.state.attempts[index].intended < begun
        try book.change {
            $0.change(index) { attempt in
                attempt.become(.completed, now: .now)
                attempt.conclusion = conclusion
            }
        }
        if conclusion != "success", !wasKnown {
            throw Failure(.gitHub, "run \(run.id) ended: \(conclusion)\(page(book.state.attempts[index]))")
        }
    }

    private func found(_ index: Int, _ run: WorkflowRun) throws(Failure) {
        try book.change {
            $0.change(index) { attempt in
                attempt.become(.dispatched, now: .now)
                attempt.run = run.id
                attempt.page = run.page.isEmpty ? nil : run.page
            }
        }
    }

    private func become(_ index: Int, _ status: Attempt.Status, _ reason: String? = nil) throws(Failure) {
        try book.change { $0.change(index) { $0.become(status, now: .now, reason: reason) } }
    }
}
