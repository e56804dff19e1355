package import Documents

extension RunDocument {
    /// The run as a manifest of the Impact Framework 1.1, which makes the same score of it; nil where it has no score.
    ///
    /// https://if.greensoftware.foundation. A manifest is YAML, and JSON is a part of YAML. Each slice of the window is an
    /// observation with its part of the embodied carbon and the whole functional unit, so that the scores add up.
    package var impactManifest: JSON? {
        guard let sci = results?.sci, let start = startTime.flatMap(Moment.init),
            let end = endTime.flatMap(Moment.init),
            end > start
        else { return nil }
        let parts = sci.components
        let unit = "functional-unit/\(parts.functionalUnit.name)"
        let inputs = parts.emissionsFactor.slices.compactMap { slice -> JSON? in
            guard let from = Moment(slice.start), let to = Moment(slice.end), to > from else { return nil }
            let part = Double(to - from) / Double(end - start)
            return [
                "timestamp": .string(slice.start), "duration": .number(Double(to - from) / 1000),
                "energy": .number(slice.kWh), "grid/carbon-intensity": .number(slice.value),
                "pue": .number(parts.pue.value), "embodied-carbon": .number(parts.embodiedCarbon.value * part),
                unit: .number(parts.functionalUnit.value),
            ]
        }
        let name = cncfProject?.name ?? "run"
        return [
            "name": .string(runId), "description": .string("\(name): energy measured by brahe"),
            "tags": ["kind": "software", "complexity": "moderate", "category": "cloud"],
            "aggregation": ["metrics": ["energy", "carbon", "sci"], "type": "both"],
            "initialize": ["plugins": Self.plugins(unit: unit)],
            "tree": [
                "children": [
                    name: [
                        "pipeline": ["compute": ["site-energy", "operational-carbon", "sum-carbon", "sci"]],
                        "inputs": .array(inputs),
                    ]
                ]
            ],
        ]
    }

    private static func plugins(unit: String) -> JSON {
        func plugin(_ method: JSON, _ config: JSON, _ output: String, _ description: JSON, _ unit: JSON) -> JSON {
            [
                "path": "builtin", "method": method, "config": config,
                "parameter-metadata": [
                    "outputs": [
                        output: [
                            "description": description, "unit": unit,
                            "aggregation-method": ["time": "sum", "component": "sum"],
                        ]
                    ]
                ],
            ]
        }
        return [
            "site-energy": plugin(
                "Multiply", ["input-parameters": ["energy", "pue"], "output-parameter": "site-energy"], "site-energy",
                "energy of the site", "kWh"),
            "operational-carbon": plugin(
                "Multiply",
                [
                    "input-parameters": ["site-energy", "grid/carbon-intensity"],
                    "output-parameter": "carbon-operational",
                ],
                "carbon-operational", "operational carbon", "gCO2eq"),
            "sum-carbon": plugin(
                "Sum",
                ["input-parameters": ["carbon-operational", "embodied-carbon"], "output-parameter": "carbon"], "carbon",
                "operational and embodied carbon", "gCO2eq"),
            "sci": plugin(
                "Sci", ["functional-unit": .string(unit)], "sci", "carbon per functional unit",
                .string("gCO2eq per \(unit)")),
        ]
    }
}
