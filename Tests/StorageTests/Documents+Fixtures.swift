import Documents
import Exposition
import Results
import Samples

/// A run that succeeded, whose window of 900 s ended at a moment.
func aDocument(
    _ run: String = "20261121T080000Z-falco-modern-ebpf-0.41.1-01", project: String = "falco",
    version: String = "0.41.1",
    joules: Double = 7867.5075, ending end: Moment = .now
) -> RunDocument {
    func energy(_ joules: Double) -> EnergyEntry {
        EnergyEntry(
            grossJ: joules, lowerJ: joules * 0.99, upperJ: joules * 1.01, wattHours: joules / 3600,
            kilowattHours: joules / 3_600_000, meanW: joules / 900, peakW: nil, net: [])
    }
    func scope(_ name: String, _ joules: Double) -> ScopeEntry {
        ScopeEntry(
            scope: name, pods: [], unseen: [], energy: energy(joules), cpuS: nil, cpuLowerS: nil, cpuUpperS: nil)
    }
    var document = RunDocument(runId: run, status: .succeeded)
    document.cncfProject = .init(name: project, org: "falcosecurity", config: "modern-ebpf", version: version)
    document.startTime = (end + -900_000).description
    document.endTime = end.description
    let kilowattHours = joules / 3_600_000
    document.results = ResultsEntry(
        zone: "package+dram", primary: "project", platformMaxW: 200, metrics: [], energy: energy(joules),
        scopes: [
            scope("project", joules), scope("workload", joules / 3), scope("namespace", 1), scope("node", joules * 4),
        ],
        consumers: [], power: [],
        sci: SCIEntry(
            components: .init(
                energyConsumption: .init(units: "kWh", value: kilowattHours),
                emissionsFactor: .init(
                    region: "France", value: 78.81, kind: "average", source: "upstream", sourceRevision: "1"),
                embodiedCarbon: .init(value: 3.92409, totalG: 550_000, lifeH: 35_040, share: 1, source: "upstream"),
                pue: .init(provider: "Equinix", value: 1.42),
                functionalUnit: .init(name: "benchmark", value: 1, source: "count")),
            operational: .init(units: "gCO2eq", value: kilowattHours * 78.81 * 1.42), units: "gCO2eq per benchmark",
            value: kilowattHours * 78.81 * 1.42 + 3.92409))
    return document
}

/// Counters of as many pods, a sample each 15 s for so long, the last one at a moment.
func counters(_ pods: Int, seconds: Int64, ending end: Moment) -> Recording {
    var random = SplitMix64(state: 7)
    return Recording(
        (0..<pods).map { pod in
            var joules = Double(random.next() >> 20) / 1e6
            let samples = stride(from: end.milliseconds - seconds * 1000, through: end.milliseconds, by: 15_000).map {
                joules += Double(random.next() >> 40) / 1e6
                return Sample(time: $0, value: joules)
            }
            let labels = ["pod_name": "pod \(pod) \"\\\n\u{e9}", "zone": "package", "empty": ""]
            return Series(Scrape.Identity(name: "kepler_pod_cpu_joules_total", labels: labels), samples: samples)
        })
}

/// Random numbers that are the same in every run.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
