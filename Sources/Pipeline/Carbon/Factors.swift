package import Documents

/// What turns energy into a score, each with its source: the document that `--factors` names.
///
///     {"region": "FRA", "intensity": {"source": "table", "dataset": "ember", "year": 2024},
///      "pue": {"provider": "Equinix", "value": 1.42},
///      "embodied": {"TE_g": 550000, "EL_h": 35040, "RS": 1, "source": "Boavizta, m3.small.x86"}}
///
/// Nothing in it has a default.
package struct Factors: Codable, Equatable, Sendable {
    /// How much power the site draws for each watt of its machines.
    package struct PUE: Codable, Equatable, Sendable {
        package let provider: String
        /// At least 1.
        package let value: Double
    }

    /// What the machine's making and scrapping emits, over its whole life.
    package struct Embodied: Codable, Equatable, Sendable {
        /// In gCO2eq.
        package let total: Double
        /// In hours.
        package let life: Double
        /// The part of the machine that the run has reserved, above 0 and at most 1.
        package let share: Double
        package let source: String

        private enum CodingKeys: String, CodingKey {
            case total = "TE_g"
            case life = "EL_h"
            case share = "RS"
            case source
        }
    }

    /// The country, zone or region whose electricity it is, by the code that the intensity's source has for it.
    package let region: String
    package let intensity: IntensitySource
    package let pue: PUE
    package let embodied: Embodied
}

extension Factors {
    /// Reads the document; names that are not known are added to the warnings.
    package init(parsing text: String, warnings: inout [String]) throws(Misread) {
        try self.init(Field.document(text), warnings: &warnings)
    }

    /// Reads it where it is a part of another document.
    package init(_ field: Field, warnings: inout [String]) throws(Misread) {
        let document = try field.object(
            knowing: ["region", "intensity", "pue", "embodied"], warnings: &warnings)
        region = try document["region"].string()
        intensity = try IntensitySource(document["intensity"], warnings: &warnings)
        let pue = try document["pue"].object(knowing: ["provider", "value"], warnings: &warnings)
        self.pue = PUE(provider: try pue["provider"].string(), value: try pue["value"].number(in: 1...10))
        let embodied = try document["embodied"].object(
            knowing: ["TE_g", "EL_h", "RS", "source"], warnings: &warnings)
        self.embodied = Embodied(
            total: try embodied["TE_g"].number(in: 0...1e12), life: try embodied["EL_h"].number(in: 1...1e6),
            share: try embodied["RS"].number(in: Double.leastNonzeroMagnitude...1),
            source: try embodied["source"].string())
    }
}
