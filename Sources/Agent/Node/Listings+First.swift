import Attribution
import Exposition

/// The first generation's list of pods, which tells them by their names alone; what is in no pod that has one it calls
/// `system_processes`.
extension Listings {
    /// Lists the pods by name, once `listPods` has added up what each has.
    mutating func listNamed(_ pods: Pods, _ ledger: Ledger) {
        let kinds = Zone.Kind.allCases.count
        let groups = pods.namesakes
        clearGroups(groups)
        var time: UInt64 = 0
        for row in 0..<ledger.rows { time += ledger.cpuTime(row) }
        for kind in Zone.Kind.allCases { outside[kind.index] = accounted(kind, ledger) }
        for index in pods.all.indices {
            guard let pod = pods.all[index] else { continue }
            let own = podTimes[index] + pods.formerTime(index)
            // A pod whose name is awaited is withheld, here as everywhere.
            if pod.namesake != nil || pod.name == nil {
                time -= own
                for kind in 0..<kinds { outside[kind] = outside[kind].without(podFigures[index * kinds + kind]) }
            }
            guard let group = pod.namesake else { continue }
            groupTimes[group] += own
            for kind in 0..<kinds { groupFigures[group * kinds + kind] += podFigures[index * kinds + kind] }
        }
        for index in groups.all.indices {
            time -= groups.formerTime(index)
            guard let group = groups.all[index] else { continue }
            let labels = named.labels(at: index + 2, serial: group.serial) { labels in
                labels.first.add("pod_name", group.name.pod)
                labels.first.add("pod_namespace", group.name.namespace)
                // Ten letters, as the first generation cut a command; a pod has more than one, its container one name.
                labels.command.add("command", String(group.name.container.prefix(10)))
            }
            named.append(
                labels, isRunning: true, created: group.openedAt,
                cpuTime: groupTimes[index] + groups.formerTime(index))
            for kind in Zone.Kind.allCases {
                let former = figures(of: kind) { groups.former(index, zone: $0) }
                outside[kind.index] = outside[kind.index].without(former)
                named.add(groupFigures[index * kinds + kind.index], kind)
                named.add(former, kind)
            }
        }
        appendRest("retired", at: 0, isRunning: false, cpuTime: groups.retiredTime)
        for kind in Zone.Kind.allCases {
            let retired = figures(of: kind) { groups.retired(zone: $0) }
            outside[kind.index] = outside[kind.index].without(retired)
            named.add(retired, kind)
        }
        appendRest("system_processes", at: 1, isRunning: true, cpuTime: time - groups.retiredTime)
        for kind in Zone.Kind.allCases { named.add(outside[kind.index], kind) }
    }

    private mutating func appendRest(_ name: String, at place: Int, isRunning: Bool, cpuTime: UInt64) {
        let labels = named.labels(at: place, serial: 0) { labels in
            labels.first.add("pod_name", name)
            labels.first.add("pod_namespace", "system")
            labels.command.add("command", "")
        }
        named.append(labels, isRunning: isRunning, created: startedAt, cpuTime: cpuTime)
    }

    private mutating func clearGroups(_ groups: Namesakes) {
        named.clear()
        while groupTimes.count < groups.all.count {
            groupTimes.append(0)
            for _ in Zone.Kind.allCases { groupFigures.append(.init()) }
        }
        for index in groupTimes.indices { groupTimes[index] = 0 }
        for index in groupFigures.indices { groupFigures[index] = .init() }
    }

    /// All that accounts have of a kind.
    private func accounted(_ kind: Zone.Kind, _ ledger: Ledger) -> Listing.Figures {
        var all = Listing.Figures()
        for zone in zonesOfKind[kind.index] {
            let account = ledger.accounts[zone]
            all.dynamic += account.dynamic
            all.idle += account.carried
            all.microwatts += (account.recent - account.recentIdle).microwatts(over: account.recentTime)
            for row in 0..<ledger.rows {
                let idle = ledger.share(row, zone: zone).recentIdle.microwatts(over: account.recentTime)
                all.microwatts += idle
                all.idleMicrowatts += idle
            }
        }
        return all
    }
}
