internal import Documents

/// What was measured and what follows from it.
package struct ResultsEntry: Codable, Equatable, Sendable {
    /// The zones whose energies were added: `package+dram`, or `psys`.
    package var zone: String
    /// The scope that is scored: `project`, or `node` where nothing smaller is known.
    package var primary: String
    /// The most power the platform can draw, which the upper bounds assume between samples, in watts.
    package var platformMaxW: Double
    /// One number each: the four queries, node energy and power, and what the project asks for.
    package var metrics: [Metric]
    /// Of the primary scope.
    package var energy: EnergyEntry?
    /// `project`, `workload`, `namespace` and `node`, as far as they are known.
    package var scopes: [ScopeEntry]
    /// Each consumer by level, by falling energy.
    package var consumers: [ConsumerEntry]
    /// Power over time, for plots.
    package var power: [PowerEntry]
    package var sci: SCIEntry?

    package init(
        zone: String, primary: String, platformMaxW: Double, metrics: [Metric], energy: EnergyEntry?,
        scopes: [ScopeEntry], consumers: [ConsumerEntry], power: [PowerEntry], sci: SCIEntry?
    ) {
        self.zone = zone
        self.primary = primary
        self.platformMaxW = platformMaxW
        self.metrics = metrics
        self.energy = energy
        self.scopes = scopes
        self.consumers = consumers
        self.power = power
        self.sci = sci
    }

    /// One number with its bounds.
    package struct Metric: Codable, Equatable, Sendable {
        package var name: String
        /// Null where there is none; `reason` says why.
        package var value: Double?
        package var reason: String?
        package var unit: String
        package var lower: Double?
        package var upper: Double?
        package var scope: String
        /// `increase`, `mean`, `max`, `p95` or `last`.
        package var aggregation: String
        package var query: String?
        package var series: Int?

        package init(
            name: String, value: Double?, reason: String? = nil, unit: String, lower: Double? = nil,
            upper: Double? = nil, scope: String, aggregation: String, query: String? = nil, series: Int? = nil
        ) {
            self.name = name
            self.value = value
            self.reason = reason
            self.unit = unit
            self.lower = lower
            self.upper = upper
            self.scope = scope
            self.aggregation = aggregation
            self.query = query
            self.series = series
        }
    }

    private enum CodingKeys: String, CodingKey {
        case zone, primary, metrics, energy, scopes, consumers, power, sci
        case platformMaxW = "platform_max_W"
    }
}

/// An energy over the measured window, with what follows from it.
package struct EnergyEntry: Codable, Equatable, Sendable {
    /// What remains when a quiet window's power is taken off.
    package struct Net: Codable, Equatable, Sendable {
        /// `baseline` or `idle`.
        package var window: String
        /// The mean power of the same scope in that window, and the standard deviation of this mean, in watts.
        package var powerW: Double
        package var powerSdW: Double
        /// The standard deviation of the gross energy, in joules.
        package var energySdJ: Double
        /// Gross less power x time.
        package var netJ: Double
        /// Half of the 95 % interval of `netJ`: 1.96 x sqrt(energy_sd_J^2 + T^2 x power_sd_W^2).
        package var uncertaintyJ: Double

        package init(
            window: String, powerW: Double, powerSdW: Double, energySdJ: Double = 0, netJ: Double, uncertaintyJ: Double
        ) {
            self.window = window
            self.powerW = powerW
            self.powerSdW = powerSdW
            self.energySdJ = energySdJ
            self.netJ = netJ
            self.uncertaintyJ = uncertaintyJ
        }

        private enum CodingKeys: String, CodingKey {
            case window
            case powerW = "power_W"
            case powerSdW = "power_sd_W"
            case energySdJ = "energy_sd_J"
            case netJ = "net_J"
            case uncertaintyJ = "uncertainty_J"
        }
    }

    package var grossJ: Double
    package var lowerJ: Double
    package var upperJ: Double
    package var wattHours: Double
    package var kilowattHours: Double
    package var meanW: Double
    /// The greatest mean between two samples; null where the samples are too few.
    package var peakW: Double?
    package var net: [Net]

    package init(
        grossJ: Double, lowerJ: Double, upperJ: Double, wattHours: Double, kilowattHours: Double, meanW: Double,
        peakW: Double?, net: [Net]
    ) {
        self.grossJ = grossJ
        self.lowerJ = lowerJ
        self.upperJ = upperJ
        self.wattHours = wattHours
        self.kilowattHours = kilowattHours
        self.meanW = meanW
        self.peakW = peakW
        self.net = net
    }

    private enum CodingKeys: String, CodingKey {
        case net
        case grossJ = "gross_J"
        case lowerJ = "lower_J"
        case upperJ = "upper_J"
        case wattHours = "Wh"
        case kilowattHours = "kWh"
        case meanW = "mean_W"
        case peakW = "peak_W"
    }
}

/// The pods that belong together: the project's, the workload's, a namespace's, all of the node.
package struct ScopeEntry: Codable, Equatable, Sendable {
    /// `project`, `workload`, `namespace` or `node`.
    package var scope: String
    /// `namespace/name` of each pod that is meant; empty for the node.
    package var pods: [String]
    /// Those of them that no series tells of: their zeros are no findings.
    package var unseen: [String]
    package var energy: EnergyEntry?
    package var cpuS: Double?
    package var cpuLowerS: Double?
    package var cpuUpperS: Double?

    package init(
        scope: String, pods: [String], unseen: [String], energy: EnergyEntry?, cpuS: Double?, cpuLowerS: Double?,
        cpuUpperS: Double?
    ) {
        self.scope = scope
        self.pods = pods
        self.unseen = unseen
        self.energy = energy
        self.cpuS = cpuS
        self.cpuLowerS = cpuLowerS
        self.cpuUpperS = cpuUpperS
    }

    private enum CodingKeys: String, CodingKey {
        case scope, pods, unseen, energy
        case cpuS = "cpu_s"
        case cpuLowerS = "cpu_lower_s"
        case cpuUpperS = "cpu_upper_s"
    }
}

/// One consumer: a node, namespace, workload, pod, container or other cgroup.
package struct ConsumerEntry: Codable, Equatable, Sendable {
    package var level: String
    /// What names it: `node`, `namespace`, `workload`, `pod`, `container`, `container_id`, `path`.
    package var labels: [String: String]
    /// `J`, lower, upper and the mean `W`; null where nothing measures energy.
    package var joules: Double?
    package var lowerJ: Double?
    package var upperJ: Double?
    package var meanW: Double?
    package var cpuS: Double?
    package var cpuLowerS: Double?
    package var cpuUpperS: Double?
    /// Part of its node's energy, from 0 to 1.
    package var share: Double?

    package init(level: String, labels: [String: String]) {
        self.level = level
        self.labels = labels
    }

    private enum CodingKeys: String, CodingKey {
        case level, labels, share
        case joules = "J"
        case lowerJ = "lower_J"
        case upperJ = "upper_J"
        case meanW = "mean_W"
        case cpuS = "cpu_s"
        case cpuLowerS = "cpu_lower_s"
        case cpuUpperS = "cpu_upper_s"
    }
}

/// Power over time.
package struct PowerEntry: Codable, Equatable, Sendable {
    /// `node`, `project`, `workload`, or a pod as namespace/name.
    package var name: String
    /// Seconds of Unix time at the ends of the steps, one more than `watts`.
    package var times: [Double]
    /// The mean between two times; null where nothing was measured.
    package var watts: [Double?]

    package init(name: String, times: [Double], watts: [Double?]) {
        self.name = name
        self.times = times
        self.watts = watts
    }
}
