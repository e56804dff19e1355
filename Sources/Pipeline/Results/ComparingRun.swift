internal import Documents

/// What a comparison takes from one run: its numbers, and how they came to be.
package struct ComparedRun: Equatable, Sendable {
    /// One number of a run.
    package struct Quantity: Equatable, Sendable {
        package var metric: String
        package var unit: String
        /// Nil where the run has none.
        package var value: Double?
        /// False for one that is compared only where it is asked for.
        package var isUsual = true

        package init(_ metric: String, unit: String, value: Double?, isUsual: Bool = true) {
            self.metric = metric
            self.unit = unit
            self.isUsual = isUsual
            self.value = value.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// Something that should be the same in all runs.
    package struct Trait: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var id: String
    /// Why it should not count; nil for a run that succeeded.
    package var objection: String?
    /// The first one is the primary one.
    package var quantities: [Quantity]
    /// Where runs differ in one of these, whoever reads the comparison must know.
    package var traits: [Trait] = []
    /// Where runs differ in one of these, their energies are not the same quantity.
    package var meaning: [Trait] = []
    /// Where runs differ in one of these, their SCI scores cannot be compared.
    package var method: [Trait] = []
    /// The measured window, in seconds.
    package var seconds: Double?

    /// The trait that says where joules come from.
    static let energySource = "source of energy"

    /// Whether its joules, or some of them, are a model's.
    var isEstimated: Bool {
        traits.contains { $0.name == Self.energySource && $0.value.split(separator: "+").contains("estimator") }
    }

    /// A run of which nothing is known but its numbers.
    package init(id: String, objection: String? = nil, quantities: [Quantity]) {
        self.id = id
        self.objection = objection
        self.quantities = quantities
    }

    /// The energy of the scored scope, gross; what a comparison is made of where nothing else is asked for.
    package static let energy = "energy"
    /// The score.
    package static let sci = "sci"

    /// What a run's document has: `energy`, `energy_net`, `power`, `cpu`, `sci`, and the metrics that the project asks for.
    package init(_ document: RunDocument) {
        let results = document.results
        let scope = results?.scopes.first { $0.scope == results?.primary }
        // The baseline was before anything was deployed; the idle window has the project in it.
        let net = results?.energy?.net.first { $0.window == "baseline" } ?? results?.energy?.net.first
        var quantities = [
            Quantity(Self.energy, unit: "J", value: results?.energy?.grossJ),
            Quantity("energy_net", unit: "J", value: net?.netJ),
            Quantity("power", unit: "W", value: results?.energy?.meanW),
            Quantity("cpu", unit: "s", value: scope?.cpuS),
            Quantity(Self.sci, unit: results?.sci?.units ?? "", value: results?.sci?.value),
        ]
        let own = Set(document.inputs?.metrics.map(\.name) ?? [])
        for metric in results?.metrics ?? [] where own.contains(metric.name) {
            guard !quantities.contains(where: { $0.metric == metric.name }) else { continue }
            quantities.append(Quantity(metric.name, unit: metric.unit, value: metric.value))
        }
        self.init(id: document.runId, objection: Self.objection(to: document), quantities: quantities)
        if let start = document.startTime.flatMap({ Moment($0) }), let end = document.endTime.flatMap({ Moment($0) }) {
            seconds = Double(end - start) / 1000
        }
        traits = Self.traits(of: document)
        if let net { traits.append(Trait("window that is taken off", net.window)) }
        meaning = results.map { [Trait("scope", $0.primary)] } ?? []
        method = results?.sci.map { Self.method(of: $0) } ?? []
    }

    private static func objection(to document: RunDocument) -> String? {
        switch document.status {
        case .succeeded: nil
        case .failed: "it failed: " + (document.failure ?? "it does not say why")
        case .invalid: "it is invalid: " + (document.failure ?? "its measured window is not good enough")
        }
    }

    private static func traits(of document: RunDocument) -> [Trait] {
        var traits: [Trait] = []
        func add(_ name: String, _ value: String?) {
            if let value { traits.append(Trait(name, value)) }
        }
        add("project", document.cncfProject?.name)
        add("zone", document.results?.zone)
        add("generation", document.collection?.generation)
        add(Self.energySource, document.collection?.energySource)
        add("mode of collection", document.collection?.mode)
        add("platform maximum", document.results.map { "\($0.platformMaxW) W" })
        let nodes = document.meta["nodes"].array
        for (name, key) in [("node", "name"), ("processor", "cpu"), ("kernel", "kernel"), ("governor", "governor")] {
            let values = Set(nodes.compactMap { $0[key].string })
            add(name, values.isEmpty ? nil : values.sorted().joined(separator: "+"))
        }
        add("agent", document.meta["agent"]["version"].string ?? document.meta["agent_version"].string)
        add("benchmark", document.benchmark["manifest_sha256"].string.map { String($0.prefix(12)) })
        if let sci = document.results?.sci {
            // Time-resolved intensities differ from run to run by the same method: the grid's doing, not the program's.
            add("carbon intensity", "\(sci.components.emissionsFactor.value) \(sci.components.emissionsFactor.units)")
        }
        return traits
    }

    private static func method(of sci: SCIEntry) -> [Trait] {
        let parts = sci.components
        return [
            Trait("unit", sci.units),
            Trait("emissions factor", "\(parts.emissionsFactor.kind) \(parts.emissionsFactor.region)"),
            Trait(
                "source of the emissions factor",
                "\(parts.emissionsFactor.source) \(parts.emissionsFactor.sourceRevision)"),
            Trait("PUE", "\(parts.pue.value)"),
            Trait(
                "embodied carbon",
                "\(parts.embodiedCarbon.totalG) g over \(parts.embodiedCarbon.lifeH) h x \(parts.embodiedCarbon.share)"),
            Trait("functional unit", "\(parts.functionalUnit.name) by \(parts.functionalUnit.source)"),
        ]
    }
}
