internal import Cluster
package import Course
internal import Deployment
package import Documents
package import Host
internal import Registry
package import Runs

/// The measured window: from the moment that the load runs until what ends it.
package struct Measuring: Stage {
    package let step = Step.window
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        let end = try parts.end()
        let watch = parts.watch(context)
        watch.resume(context.noted["pods"])
        if context.journal.window == nil {
            try watch.begin()
            try parts.edges.take(.start, of: step.rawValue, context)
            let began = context.time.now()
            var note: [String: JSON] = ["began": .string(began.description), "pods": watch.picture]
            if end == .duration {
                note["ends"] = .string((began + parts.request.durations.window).description)
            }
            try context.note(.object(note))
        }
        guard let window = context.journal.window else {
            throw Failure(.dataMissing, "read the beginning of the window from \(parts.folder.journal): it has none")
        }
        let limit = window.ends ?? window.began + parts.request.durations.window
        try Goal(end, parts: parts, watch: watch, context: context).wait(since: window.began, limit: limit)
        if let ends = window.ends {
            try parts.edges.take(.end, of: step.rawValue, at: ends, context)
        } else {
            try parts.edges.take(.end, of: step.rawValue, context)
        }
        // What died since the last look has not worked to the end.
        try watch.check(atOnce: true)
        return [
            "ended": .string(context.time.now().description),
            "project": ["pods": parts.lived(.project, in: watch, context)],
            "workload": ["pods": parts.lived(.benchmark, in: watch, context)],
        ]
    }

    package func plan() throws(Failure) -> [String] {
        let minutes = Double(parts.request.durations.window) / 60_000
        let wait =
            switch try parts.end() {
            case .duration: "wait \(minutes) minutes, looking after all pods"
            case .job(let name): "wait until Job \(name) completes, \(minutes) minutes at most"
            case .command(let words): "run here, \(minutes) minutes at most: \(words.joined(separator: " "))"
            case .metric(let name, _, let target):
                "wait until \(name) has grown by \(target), \(minutes) minutes at most"
            }
        return parts.edges.planned + [wait] + parts.edges.planned
    }
}

extension Parts {
    /// What ends the measured window.
    func end() throws(Failure) -> Project.Benchmark.End {
        guard let goal = request.benchmark?.goal else { return .duration }
        do {
            return try Project.Benchmark.End(goal)
        } catch {
            throw Failure(.configuration, "read the goal in \(folder.request): \(error)")
        }
    }

    /// Where the Job is that ends the window: the benchmark's own, or else one of that name beside it.
    func namespace(ofJob name: String) throws(Failure) -> String {
        let jobs =
            try kept(.benchmark)?.objects.map(\.reference).filter { $0.group == "batch" && $0.kind == "Job" } ?? []
        return jobs.first { $0.name == name }?.namespace ?? request.cluster.namespace
    }

    /// Refuses a goal that can never be reached: a command that is not there, or a Job that the benchmark does not have.
    /// What Flux makes of it is not known.
    func refuseUnreachableGoal(_ benchmark: Manifest?) throws(Failure) {
        if case .command(let words) = try end(), !Tool(words).isThere {
            let program = words.first ?? ""
            throw Failure(.configuration, "find the command \(program), which is to end the window: it is not there")
        }
        guard case .job(let name) = try end(), let references = benchmark?.objects.map(\.reference),
            !references.contains(where: \.isRelease)
        else { return }
        let jobs = references.filter { $0.group == "batch" && $0.kind == "Job" }.map(\.name)
        guard !jobs.contains(name) else { return }
        throw Failure(
            .configuration,
            "find Job \(name), which is to end the window, in the benchmark: it has "
                + (jobs.isEmpty ? "no Job" : jobs.joined(separator: ", ")))
    }

    /// Why a window that an earlier process began cannot be measured as a whole; nil if it can.
    var doubtOfWindow: String? {
        if case .command = try? end() { return "the command that is the load has ended with the process that ran it" }
        return edges.doubt(sinceStartOf: Step.window.rawValue)
    }
}
