import Attribution
import Exposition

/// The list of pods: sums over their containers, of the ones that were folded away too.
extension Listings {
    mutating func clearPods(_ count: Int) {
        let kinds = Zone.Kind.allCases.count
        while podTimes.count < count {
            podTimes.append(0)
            for _ in 0..<kinds { podFigures.append(.init()) }
        }
        for index in podTimes.indices { podTimes[index] = 0 }
        for index in podFigures.indices { podFigures[index] = .init() }
    }

    mutating func listPods(_ pods: Pods) {
        for index in pods.all.indices {
            for kind in kinds {
                for zone in zonesOfKind[kind.index] {
                    podFigures[index * Zone.Kind.allCases.count + kind.index]
                        .add(pods.former(index, zone: zone), over: 0)
                }
            }
            guard let pod = pods.all[index], let name = pod.name else { continue }
            let labels = self.pods.labels(at: index + 1, serial: pod.serial) { labels in
                labels.current.add("pod_id", pod.uid)
                labels.current.add("pod_name", name.pod)
                labels.current.add("pod_namespace", name.namespace)
            }
            self.pods.append(
                labels, isRunning: pod.isAlive, created: pod.openedAt,
                cpuTime: podTimes[index] + pods.formerTime(index))
            for kind in kinds {
                self.pods.add(podFigures[index * Zone.Kind.allCases.count + kind.index], kind)
            }
        }
        let labels = self.pods.labels(at: 0, serial: 0) { labels in
            labels.current.add("pod_id", "retired")
            labels.current.add("pod_name", "retired")
            labels.current.add("pod_namespace", "system")
        }
        self.pods.append(labels, isRunning: false, created: startedAt, cpuTime: pods.retiredTime)
        for kind in kinds { self.pods.add(figures(of: kind) { pods.retired(zone: $0) }, kind) }
    }

    /// What somebody has of all zones of a kind, by what they have of each; nothing of it is of the last sample.
    func figures(of kind: Zone.Kind, _ share: (Int) -> Share) -> Listing.Figures {
        var sum = Listing.Figures()
        for zone in zonesOfKind[kind.index] { sum.add(share(zone), over: 0) }
        return sum
    }
}
