/// The unit of a metric or of an expression, as far as names tell it.
package enum MetricUnit: String, CaseIterable, Sendable {
    case joules = "J"
    case millijoules = "mJ"
    case kilojoules = "kJ"
    case wattHours = "Wh"
    case kilowattHours = "kWh"
    case watts = "W"
    case milliwatts = "mW"
    case kilowatts = "kW"
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case bytes = "B"
    /// Seconds of CPU time in a second.
    case cores = "cores"

    /// The unit that a metric's name ends with: `kepler_pod_cpu_joules_total` has joules. Nil if it does not say.
    package init?(metric name: String) {
        let stem = name.hasSuffix("_total") ? name.dropLast(6) : name[...]
        let endings: [(String, MetricUnit)] = [
            ("_joules", .joules), ("_joule", .joules), ("_millijoules", .millijoules), ("_millijoule", .millijoules),
            ("_watts", .watts), ("_watt_hours", .wattHours), ("_seconds", .seconds), ("_time_ms", .milliseconds),
            ("_time_us", .microseconds), ("_milliseconds", .milliseconds), ("_bytes", .bytes),
        ]
        // cAdvisor's, whose name has none.
        if name == "container_memory_rss" {
            self = .bytes
        } else {
            guard let unit = endings.first(where: { stem.hasSuffix($0.0) })?.1 else { return nil }
            self = unit
        }
    }

    /// How many of its base unit it is, and what that measures; units of one kind can be converted.
    private var scale: (kind: String, factor: Double) {
        switch self {
        case .joules: ("energy", 1)
        case .millijoules: ("energy", 1e-3)
        case .kilojoules: ("energy", 1e3)
        case .wattHours: ("energy", 3600)
        case .kilowattHours: ("energy", 3.6e6)
        case .watts: ("power", 1)
        case .milliwatts: ("power", 1e-3)
        case .kilowatts: ("power", 1e3)
        case .seconds: ("time", 1)
        case .milliseconds: ("time", 1e-3)
        case .microseconds: ("time", 1e-6)
        case .bytes: ("memory", 1)
        case .cores: ("CPU time in a second", 1)
        }
    }

    /// What a number of this unit is multiplied with to get one of another; nil if they do not measure the same.
    package func factor(to other: MetricUnit) -> Double? {
        scale.kind == other.scale.kind ? scale.factor / other.scale.factor : nil
    }

    /// What comes of it in a second: joules become watts. Nil if that has no name, or is not just another factor.
    var perSecond: MetricUnit? {
        switch self {
        case .joules: .watts
        case .millijoules: .milliwatts
        case .kilojoules: .kilowatts
        case .seconds: .cores
        default: nil
        }
    }
}
