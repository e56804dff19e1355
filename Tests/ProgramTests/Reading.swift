import Exposition
import Testing

extension Scrape {
    /// The microjoules of every series of a family with these labels, added up.
    func microjoules(_ name: String, _ labels: [String: String] = [:]) throws -> UInt64 {
        var sum: UInt64 = 0
        for series in series(named: name) where labels.allSatisfy({ series.labels[$0.key] == $0.value }) {
            sum += try #require(series.microunits)
        }
        return sum
    }

    /// The series of a family with these labels.
    func all(_ name: String, _ labels: [String: String] = [:]) -> [Series] {
        series(named: name).filter { series in labels.allSatisfy { series.labels[$0.key] == $0.value } }
    }

    /// The values of every series of a family with these labels, added up.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        all(name, labels).reduce(0) { $0 + $1.value }
    }

    /// Every series of a container, of whatever family.
    func series(of container: String) -> [Series] { samples.filter { $0.labels["container_id"] == container } }

    /// CPU milliseconds of a container.
    func milliseconds(of container: String) -> Double? {
        series(named: "kepler_container_bpf_cpu_time_ms_total").first { $0.labels["container_id"] == container }?.value
    }

    /// Whether every zone's energy is the sum of the ledger's terms, to the microjoule.
    func zonesEqualTheirTerms() throws -> Bool {
        let zones = series(named: "brahe_zone_joules_total")
        return try !zones.isEmpty
            && zones.allSatisfy { zone in
                try microjoules("brahe_ledger_joules", zone.labels) == #require(zone.microunits)
            }
    }
}
