internal import Cluster
package import Course
internal import Deployment
package import Documents
package import Host
package import Runs

/// Applies the project's manifest.
package struct Deploying: Stage {
    package let step = Step.deploy
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        try parts.apply(.project, context)
        return [:]
    }

    package func plan() -> [String] { [parts.words(Deploy.applying(parts.folder.rendered))] }
}

/// Waits until the project runs, in the very version that was asked for.
package struct GettingReady: Stage {
    package let step = Step.ready
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        try parts.awaitReady(.project, limit: parts.request.durations.deploy, context).json
    }

    package func plan() throws(Failure) -> [String] {
        let manifest = try parts.project()
        return parts.gets(manifest)
            + [
                "again and again, until " + manifest.objects.map(\.reference.description).joined(separator: ", ")
                    + " are ready",
                "until the pods of their workloads run version \(parts.request.project.version)",
            ]
    }
}

/// Applies the benchmark's manifest and waits until its pods run.
package struct Loading: Stage {
    package let step = Step.benchmark
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        guard Files.exists(parts.folder.benchmark) else { return ["left_out": true] }
        try parts.apply(.benchmark, context)
        return try parts.awaitReady(.benchmark, limit: parts.request.durations.benchmark, context).json
    }

    package func plan() -> [String] {
        guard parts.request.benchmark?.manifest != nil else { return [] }
        return [parts.words(Deploy.applying(parts.folder.benchmark)), "wait until its pods run"]
    }
}

/// Lets the load run for a while before it is measured.
package struct WarmingUp: Stage {
    package let step = Step.warmup
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        guard parts.request.durations.warmup > 0 else { return ["left_out": true] }
        context.waits(for: "the load to get going")
        try context.pause(milliseconds: parts.request.durations.warmup)
        return [:]
    }

    package func plan() -> [String] {
        let seconds = Double(parts.request.durations.warmup) / 1000
        return seconds > 0 ? ["wait \(seconds) s"] : []
    }
}

extension Parts {
    fileprivate func apply(_ part: Part, _ context: Context) throws(Failure) {
        guard let manifest = try kept(part) else { return }
        let limit = part == .project ? request.durations.deploy : request.durations.benchmark
        context.waits(for: "kubectl to apply \(path(part))")
        try deploy(manifest, part, limit: limit, context).apply(file: path(part))
    }

    fileprivate func awaitReady(_ part: Part, limit: Int64, _ context: Context) throws(Failure) -> Deployed {
        guard let manifest = try kept(part) else {
            throw Failure(.dataMissing, "open \(path(part)): it is not there any more")
        }
        do {
            return try deploy(manifest, part, limit: limit, context).awaitReady()
        } catch {
            guard error.exit == .deploy else { throw error }
            let words = lastWords(in: manifest).map { "; its last words: \($0)" } ?? ""
            // Of a benchmark that does not start it is the benchmark's fault, and not the deployment's.
            throw Failure(part == .benchmark ? .benchmark : .deploy, error.message + words)
        }
    }

    /// What the first pod that has failed said last, of those that the manifest itself makes; nil if there is none.
    private func lastWords(in manifest: Manifest) -> String? {
        for reference in manifest.objects.map(\.reference) {
            guard let object = try? kubectl.get(reference.resource, reference.name, namespace: reference.namespace),
                let selector = Workload(object)?.selector,
                let pods = try? kubectl.get("pods", namespace: reference.namespace, selector: selector)
            else { continue }
            for pod in pods["items"].array.map({ RunningPod($0) }) {
                guard case .failed = pod.readiness else { continue }
                return kubectl.lastWords(of: pod.name, namespace: pod.namespace)
            }
        }
        return nil
    }
}
