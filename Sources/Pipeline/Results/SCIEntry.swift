internal import Documents

/// The Software Carbon Intensity of a run: (operational + embodied) per functional unit, SCI 1.1.
package struct SCIEntry: Codable, Equatable, Sendable {
    package struct Quantity: Codable, Equatable, Sendable {
        package var units: String
        package var value: Double

        package init(units: String, value: Double) {
            self.units = units
            self.value = value
        }
    }

    /// The carbon intensity that was applied: one value, or the mean over the window that its slices give.
    package struct EmissionsFactor: Codable, Equatable, Sendable {
        package struct Slice: Codable, Equatable, Sendable {
            package var start: String
            package var end: String
            /// In gCO2eq/kWh.
            package var value: Double
            /// The energy of this slice, in kWh.
            package var kWh: Double
            /// Whether the value was estimated by who published it; and whether it is the fallback's.
            package var estimated: Bool
            package var fallback: Bool

            package init(
                start: String, end: String, value: Double, kWh: Double, estimated: Bool = false, fallback: Bool = false
            ) {
                self.start = start
                self.end = end
                self.value = value
                self.kWh = kWh
                self.estimated = estimated
                self.fallback = fallback
            }
        }

        package var region: String
        package var units: String
        package var value: Double
        /// `average` or `marginal`; the two are never mixed.
        package var kind: String
        package var source: String
        package var sourceRevision: String
        /// `lifecycle` or `direct`, as far as the source says what it counts.
        package var factorType: String?
        /// Where the values of the slices come from that the source does not tell of.
        package var fallbackSource: String?
        package var slices: [Slice]

        package init(
            region: String, units: String = "gCO2eq/kWh", value: Double, kind: String, source: String,
            sourceRevision: String, factorType: String? = nil, fallbackSource: String? = nil, slices: [Slice] = []
        ) {
            self.region = region
            self.units = units
            self.value = value
            self.kind = kind
            self.source = source
            self.sourceRevision = sourceRevision
            self.factorType = factorType
            self.fallbackSource = fallbackSource
            self.slices = slices
        }

        private enum CodingKeys: String, CodingKey {
            case region, units, value, kind, source, slices
            case sourceRevision = "source_revision"
            case factorType = "factor_type"
            case fallbackSource = "fallback_source"
        }
    }

    /// TE x (TiR / EL) x RS: the part of the machine's making that the run is charged with.
    package struct Embodied: Codable, Equatable, Sendable {
        package var units: String
        package var value: Double
        /// The machine's total, in gCO2eq, its life in hours, and the part of it that is reserved.
        package var totalG: Double
        package var lifeH: Double
        package var share: Double
        package var source: String

        package init(
            units: String = "gCO2eq", value: Double, totalG: Double, lifeH: Double, share: Double, source: String
        ) {
            self.units = units
            self.value = value
            self.totalG = totalG
            self.lifeH = lifeH
            self.share = share
            self.source = source
        }

        private enum CodingKeys: String, CodingKey {
            case units, value, source
            case totalG = "TE_g"
            case lifeH = "EL_h"
            case share = "RS"
        }
    }

    package struct PUE: Codable, Equatable, Sendable {
        package var provider: String
        package var value: Double

        package init(provider: String, value: Double) {
            self.provider = provider
            self.value = value
        }
    }

    package struct FunctionalUnit: Codable, Equatable, Sendable {
        package var name: String
        /// How many of them the run did; never 0.
        package var value: Double
        /// `count`, the metric's name, or `time`.
        package var source: String

        package init(name: String, value: Double, source: String) {
            self.name = name
            self.value = value
            self.source = source
        }
    }

    package struct Components: Codable, Equatable, Sendable {
        package var energyConsumption: Quantity
        package var emissionsFactor: EmissionsFactor
        package var embodiedCarbon: Embodied
        package var pue: PUE
        package var functionalUnit: FunctionalUnit

        package init(
            energyConsumption: Quantity, emissionsFactor: EmissionsFactor, embodiedCarbon: Embodied, pue: PUE,
            functionalUnit: FunctionalUnit
        ) {
            self.energyConsumption = energyConsumption
            self.emissionsFactor = emissionsFactor
            self.embodiedCarbon = embodiedCarbon
            self.pue = pue
            self.functionalUnit = functionalUnit
        }

        private enum CodingKeys: String, CodingKey {
            case pue
            case energyConsumption = "energy_consumption"
            case emissionsFactor = "emissions_factor"
            case embodiedCarbon = "embodied_carbon"
            case functionalUnit = "functional_unit"
        }
    }

    package var components: Components
    package var operational: Quantity
    /// Like `gCO2eq per benchmark`.
    package var units: String
    package var value: Double

    package init(components: Components, operational: Quantity, units: String, value: Double) {
        self.components = components
        self.operational = operational
        self.units = units
        self.value = value
    }
}
