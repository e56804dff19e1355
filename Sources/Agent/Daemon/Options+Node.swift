import Attribution
import Node

/// What the options mean to those who measure.
extension Options {
    /// How samples are divided and remembered.
    var sampling: Sampler.Settings {
        var settings = Sampler.Settings()
        settings.retention = Retention(time: retain, most: retainMax)
        settings.idle = idle
        settings.nameWait = nameWait
        for given in idleWatts { settings.idleMicrowatts[given.zone] = given.microwatts }
        return settings
    }

    /// What a page shows.
    var content: PageContent {
        PageContent(generations: compat, levels: levels, cgroups: cgroups, created: created)
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
