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
            for kind in Zone.Kind.allCases {
                for zone in zonesOfKind[kind.index] {
                    podFigures[index * Zone.Kind.allCases.count + kind.index]
                        .add(pods.former(index, zone: zone), over: 0)
                }
            }
            guard let pod = pods.all[index], let name = pod.name else { continue }
            let labels = self.pods.labels(at: index + 2, serial: pod.serial) { labels in
                labels.current.add("pod_id", pod.uid)
                labels.current.add("pod_name", name.pod)
                labels.current.add("pod_namespace", name.namespace)
                labels.first.add("pod_name", name.pod)
                labels.first.add("pod_namespace", name.namespace)
                // Ten letters, as the first generation cut a command; a pod has more than one, its container one name.
                labels.first.add("command", String(name.container.prefix(10)))
            }
            self.pods.append(
                labels, isRunning: pod.isAlive, created: pod.openedAt,
                cpuTime: podTimes[index] + pods.formerTime(index))
            for kind in Zone.Kind.allCases {
                self.pods.add(podFigures[index * Zone.Kind.allCases.count + kind.index], kind)
            }
        }
        let labels = self.pods.labels(at: 0, serial: 0) { labels in
            labels.current.add("pod_id", "retired")
            labels.current.add("pod_name", "retired")
            labels.current.add("pod_namespace", "system")
            labels.first.add("pod_name", "retired")
            labels.first.add("pod_namespace", "system")
            labels.first.add("command", "")
        }
        self.pods.append(labels, isRunning: false, created: startedAt, cpuTime: pods.retiredTime)
        for kind in Zone.Kind.allCases { self.pods.add(retired(kind, pods), kind) }
    }

    private func retired(_ kind: Zone.Kind, _ pods: Pods) -> Listing.Figures {
        var sum = Listing.Figures()
        for zone in zonesOfKind[kind.index] { sum.add(pods.retired(zone: zone), over: 0) }
        return sum
    }

    /// The first generation calls all that is in no pod `system_processes`.
    mutating func listPodless(_ pods: Pods, _ ledger: Ledger) {
        let labels = self.pods.labels(at: 1, serial: 0) { labels in
            labels.first.add("pod_name", "system_processes")
            labels.first.add("pod_namespace", "system")
            labels.first.add("command", "")
        }
        var time: UInt64 = 0
        for row in 0..<ledger.rows { time += ledger.cpuTime(row) }
        for index in pods.all.indices { time -= podTimes[index] + pods.formerTime(index) }
        self.pods.append(labels, isRunning: true, created: startedAt, cpuTime: time - pods.retiredTime)
        for kind in Zone.Kind.allCases where has(kind) {
            var inPods = retired(kind, pods)
            for index in pods.all.indices { inPods += podFigures[index * Zone.Kind.allCases.count + kind.index] }
            var all = Listing.Figures()
            for zone in zonesOfKind[kind.index] {
                let account = ledger.accounts[zone]
                all.dynamic += account.dynamic
                all.idle += account.carried
                all.microwatts += (account.recent - account.recentIdle).microwatts(over: account.recentTime)
            }
            self.pods.add(all.without(inPods), kind)
        }
    }
}
