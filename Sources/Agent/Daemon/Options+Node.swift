import Attribution
import Node

/// What the options mean to those who measure.
extension Options {
    /// How samples are divided and remembered.
    var sampling: Sampler.Settings {
        var settings = Sampler.Settings()
        settings.retention = Retention(time: retain, most: retainMax)
        settings.idle = idle
        settings.hasRemainder = zones.contains(.other)
        settings.nameWait = nameWait
        for given in idleWatts { settings.idleMicrowatts[given.zone] = given.microwatts }
        return settings
    }

    /// The probe for what a page shows.
    func probe(_ topology: Topology, _ tree: CgroupTree) throws -> SchedProbe {
        try SchedProbe(processSlots: levels.contains(.process) ? 16384 : nil, topology: topology, tree: tree)
    }

    /// What is wrong with idle power that is given for a zone that there is not; nil where nothing is.
    func unknownZone(of source: EnergySource) -> String? {
        let zones = Ledger.withRemainder(source.zones).map(\.name)
        for given in idleWatts where !zones.contains(given.zone) {
            let known = zones.isEmpty ? "there is no zone" : "there are \(Read.list(zones, "and"))"
            return "--idle-watts \(given.zone): no such zone; \(known)"
        }
        return nil
    }

    /// What a page shows.
    var content: PageContent {
        PageContent(
            generations: compat, levels: levels, cgroups: cgroups, cadvisor: cadvisor, created: created, sysfs: sysfs)
    }

    /// Where names of pods and containers come from.
    func podNames() throws(KubeletError) -> PodNames {
        var endpoint: KubeletEndpoint?
        if let kubelet {
            endpoint = try KubeletEndpoint(url: kubelet, tokenFile: kubeletTokenFile, caFile: kubeletCAFile)
        }
        return try PodNames(podLogs: podLogs, kubelet: endpoint)
    }
}
