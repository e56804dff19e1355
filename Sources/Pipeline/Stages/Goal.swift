internal import Cluster
internal import Course
internal import Documents
internal import Exposition
internal import Host
internal import Pages
internal import Registry
internal import Runs

/// Waiting for the end of the measured window, while all pods are looked after.
struct Goal {
    private let end: Project.Benchmark.End
    private let parts: Parts
    private let watch: PodWatch
    private let context: Context

    init(_ end: Project.Benchmark.End, parts: Parts, watch: PodWatch, context: Context) {
        self.end = end
        self.parts = parts
        self.watch = watch
        self.context = context
    }

    /// Returns when the goal is reached; throws with `benchmark` if a pod dies meanwhile, if the Job or the command
    /// fails, and if the limit comes first.
    func wait(since began: Moment, limit: Moment) throws(Failure) {
        switch end {
        case .duration:
            try look(for: "the end of the window", until: limit, expected: true) { () throws(Failure) in false }
        case .job(let name):
            let namespace = try parts.namespace(ofJob: name)
            try look(for: "Job \(name)", until: limit) { () throws(Failure) in
                try isComplete(job: name, namespace: namespace)
            }
        case .command(let words): try run(words, limit: limit)
        case .metric(let name, let labels, let target):
            let before = try value(of: name, labels, began: began)
            try look(for: "\(name) to grow by \(target)", until: limit) { () throws(Failure) in
                try value(of: name, labels, began: nil) - before >= target
            }
        }
    }

    /// Looks after the pods, and whether it is reached, until the limit; that is the end where it is `expected`.
    private func look(
        for what: String, until limit: Moment, expected: Bool = false, _ isReached: () throws(Failure) -> Bool
    ) throws(Failure) {
        context.waits(for: what)
        while true {
            try watch.check()
            if try isReached() { return }
            let left = limit - context.time.now()
            guard left > 0 else {
                if expected { return }
                throw Failure(.benchmark, "wait for \(what): not reached in time, by \(limit)")
            }
            try context.pause(milliseconds: min(left, parts.request.durations.poll))
        }
    }

    private func isComplete(job name: String, namespace: String) throws(Failure) -> Bool {
        let job: JSON?
        do {
            job = try parts.kubectl.get("jobs.batch", name, namespace: namespace)
        } catch {
            // Whether the pods live the watch finds out; one answer may be late.
            context.waits(for: error.message)
            return false
        }
        guard let job else { throw Failure(.benchmark, "wait for Job \(namespace)/\(name): it is not there") }
        func condition(_ type: String) -> JSON? {
            job["status"]["conditions"].array.first { $0["type"].string == type && $0["status"].string == "True" }
        }
        if let failed = condition("Failed") {
            let reason = [failed["reason"].string, failed["message"].string].compactMap(\.self)
            let words = parts.kubectl.lastWords(of: "job/\(name)", namespace: namespace)
            throw Failure(
                .benchmark,
                "Job \(namespace)/\(name) has failed: \(reason.joined(separator: ": "))"
                    + (words.map { "; its last words: \($0)" } ?? ""))
        }
        return condition("Complete") != nil
    }

    private func run(_ words: [String], limit: Moment) throws(Failure) {
        let name = words.joined(separator: " ")
        let child: Child
        do {
            child = try Child(words, stdout: 2, daemon: true)
        } catch {
            throw Failure(.benchmark, "run \(name): \(errnoText(error.error))")
        }
        var ending: Child.Ending?
        do {
            try look(for: "the command \(name)", until: limit) { () throws(Failure) in
                ending = child.ending(within: 0)
                return ending != nil
            }
        } catch {
            child.stop()
            throw error
        }
        if let ending, ending.code != 0 { throw Failure(.benchmark, "run \(name): it ended with \(ending.code)") }
    }

    /// The sum over the series of that name with those labels: now, or when the window began.
    private func value(of name: String, _ labels: [String: String], began: Moment?) throws(Failure) -> Double {
        if case .prometheus(let client) = parts.edges.source {
            return try client.sum(of: name, labels, at: began ?? .now)
        }
        let page =
            began == nil
            ? try parts.edges.source.page() : try parts.edges.page(.start, of: Step.window.rawValue) ?? ""
        let scrape: Scrape
        do {
            scrape = try Scrape(page)
        } catch {
            throw Failure(.dataMissing, "read the page of \(parts.edges.source.url): \(error)")
        }
        let series = scrape.series(named: name).filter { one in
            labels.allSatisfy { one.labels[$0.key] == $0.value }
        }
        // What has not been counted yet stands at nothing.
        return series.reduce(0) { $0 + $1.value }
    }
}
