internal import Deployment
internal import Documents

extension Deploy {
    /// Whether all pods run that these have, and what they should; notes them and what must be gone after the cleanup.
    ///
    /// `troubles` says when a pod was first seen in a trouble that may pass.
    func readiness(
        ofPodsOf made: [Made], _ troubles: inout [String: ContinuousClock.Instant], into deployed: inout Deployed
    ) throws(Kubectl.Refused) -> Readiness {
        var pods: [(pod: RunningPod, rules: [ImageRule])] = []
        for entry in made {
            let rules = entry.rules
            deployed.footprint.add(objects: entry.objects, workloads: entry.workloads)
            for workload in entry.workloads {
                let found = try runningPods(of: workload)
                switch readiness(of: workload, found, &troubles) {
                case .ready: break
                case .waiting(let why): return .waiting(why)
                case .failed(let why): return .failed(why)
                }
                for pod in found {
                    if let why = VersionCheck.violation(by: pod, of: rules) { return .waiting(why) }
                    pods.append((pod, rules))
                }
                deployed.workloads.append(workload)
            }
        }
        if let why = VersionCheck.absence(of: version, in: pods) { return .waiting(why) }
        deployed.pods = pods.map(\.pod)
        return .ready
    }

    private func readiness(
        of workload: Workload, _ pods: [RunningPod], _ troubles: inout [String: ContinuousClock.Instant]
    ) -> Readiness {
        switch workload.readiness {
        case .ready: break
        case .waiting(let why): return .waiting("\(workload.reference): \(why)")
        case .failed(let why): return .failed("\(workload.reference): \(why)")
        }
        let wanted = workload.wanted ?? 1
        guard pods.count >= wanted else {
            return .waiting("\(workload.reference): it has \(pods.count) pods of \(wanted)")
        }
        for pod in pods {
            switch pod.readiness {
            case .ready: troubles[pod.words] = nil
            case .waiting(let why): return .waiting("\(pod.words): \(why)")
            case .failed(let why):
                let since = troubles[pod.words] ?? .now
                troubles[pod.words] = since
                let isLasting = since.duration(to: .now) >= .milliseconds(patience.graceMilliseconds)
                return isLasting ? .failed("\(pod.words): \(why)") : .waiting("\(pod.words): \(why)")
            }
        }
        return .ready
    }

    /// A workload's pods; a pod is its own.
    private func runningPods(of workload: Workload) throws(Kubectl.Refused) -> [RunningPod] {
        let pods: [JSON]
        if workload.reference.kind == "Pod" {
            pods = try Array(kubectl.objects([workload.reference]).values)
        } else if let selector = workload.selector {
            pods = try kubectl.list(["pods"], namespace: workload.reference.namespace, selector: selector)
        } else {
            pods = []
        }
        return pods.map { RunningPod($0) }.sorted { $0.name < $1.name }
    }
}
