import Carbon
import Documents
import Exposition
import Metering
import Results
import Samples
import Testing

/// What is made of a recording whose truth is known.
@Suite struct AssessmentTests {
    private static func truth(_ pods: [String], _ span: Range<Int64>) -> Double {
        Double(
            span.reduce(UInt64(0)) { sum, second in
                pods.reduce(sum) { $0 + Laboratory.power(of: $1, at: second + 1) }
            }) / 1e6
    }

    @Test func grossAndNetEnergyAreTheTruth() throws {
        let results = try #require(Laboratory.document().results)
        let falco = Self.truth(["falco"], 1020..<1920)
        let energy = try #require(results.energy)
        // The edges are on scrapes, so nothing is interpolated.
        #expect(abs(energy.grossJ - falco) < 1e-5)
        #expect(energy.lowerJ <= energy.grossJ && energy.grossJ <= energy.upperJ)
        #expect(energy.wattHours == energy.grossJ / 3600 && energy.meanW == energy.grossJ / 900)
        #expect((energy.peakW ?? 0) > energy.meanW && (energy.peakW ?? 0) < 10)
        // Idling it draws 1.5 W, and that without any doubt.
        let net = try #require(energy.net.first)
        #expect(energy.net.count == 1 && net.window == "idle")
        #expect(abs(net.powerW - 1.5) < 1e-9 && net.powerSdW < 1e-6)
        #expect(abs(net.netJ - (falco - 1350)) < 1e-5)
        #expect(net.uncertaintyJ > 0 && net.uncertaintyJ < 0.05 * energy.grossJ)
    }

    @Test func theNodeIsFreedOfItsBaselineAndOfItsIdling() throws {
        let results = try #require(Laboratory.document().results)
        let node = try #require(results.scopes.last?.energy)
        #expect(results.scopes.map(\.scope) == ["project", "workload", "namespace", "node"])
        #expect(node.net.map(\.window) == ["baseline", "idle"])
        // Before it was deployed there was what the machine and coredns draw; what is left is the namespace's.
        let namespace = try #require(results.scopes[2].energy)
        #expect(abs(namespace.grossJ - Self.truth(["falco", "load"], 1020..<1920)) < 1e-5)
        #expect(abs(node.net[0].netJ - namespace.grossJ) < node.net[0].uncertaintyJ)
        #expect(results.scopes[2].pods == ["benchmark/falco", "benchmark/load"])
        // The workload was not there before the run: nothing is taken off.
        #expect(results.scopes[1].energy?.net.first?.powerW == 0)
        #expect(results.scopes[1].unseen == ["benchmark/never-there"])
        let idle = results.metrics.first { $0.name == "node_idle_energy" }
        #expect(abs((idle?.value ?? 0) - 18_000) < 1e-6)
    }

    @Test func whereTheJoulesComeFromIsSaid() throws {
        func collection(_ series: [(String, [String: String], Double)]) throws -> CollectionEntry {
            var recording = Laboratory.recording()
            for (name, labels, value) in series {
                let samples = [Sample(time: Laboratory.moment(1000).milliseconds, value: value)]
                recording.append(samples, to: Scrape.Identity(name: name, labels: labels))
            }
            return try Assessment(of: recording, inputs: Laboratory.inputs(), windows: Laboratory.windows)
                .collection(mode: "file", endpoint: "")
        }
        func ours(_ source: String, _ value: Double = 1) -> (String, [String: String], Double) {
            ("brahe_energy_source", ["source": source, "instance": source], value)
        }
        let kepler = ("kepler_node_info", ["components_power_source": "estimator", "source": "os"], 1.0)
        #expect(try collection([]).energySource == nil)
        #expect(try collection([ours("powercap"), ours("estimator", 0)]).energySource == "powercap")
        #expect(try collection([ours("powercap"), ours("estimator")]).energySource == "estimator+powercap")
        #expect(try collection([kepler]).energySource == "estimator")
        // Beside our own word Kepler's is a copy of it.
        #expect(try collection([kepler, ours("powercap")]).energySource == "powercap")
    }

    @Test func theFourQueriesAreThere() throws {
        let document = try Laboratory.document()
        let results = try #require(document.results)
        func value(_ name: String, _ aggregation: String, _ scope: String = "project") -> Double? {
            results.metrics.first { $0.name == name && $0.aggregation == aggregation && $0.scope == scope }?.value
        }
        #expect(value("kepler_container_joules_total", "increase") == results.energy?.grossJ)
        // 0.5 CPUs up to 25 minutes, 1.5 from then on.
        #expect(value("container_cpu_usage_seconds_total", "increase") == 870.0)
        #expect(value("cpu_cores", "mean") == 870.0 / 900)
        #expect(value("container_memory_working_set_bytes", "mean") == 2_000_000)
        #expect(value("container_memory_working_set_bytes", "mean", "namespace") == 4_000_000)
        let rss = try #require(value("container_memory_rss", "p95", "workload"))
        #expect(rss > 1_180_000 && rss < value("container_memory_rss", "max", "workload") ?? 0)
        // Of the project's own: a counter that began anew, the nearest rank, and one that gave nothing.
        #expect(value("events", "increase") == 220.0)
        #expect(value("latency", "p95") == 0.3)
        let gone = results.metrics.first { $0.name == "gone" }
        #expect(gone?.value == nil && gone?.reason == "the query gave no value")
        #expect(document.collection?.gates.allSatisfy(\.passed) == true)
        #expect(document.collection?.warnings.contains { $0.contains("benchmark/never-there") } == true)
    }

    @Test func peakCoresAreAMinutes() throws {
        let results = try #require(Laboratory.document().results)
        let peak = try #require(results.metrics.first { $0.name == "cpu_cores" && $0.aggregation == "max" }?.value)
        #expect(peak == 1.5)
    }

    @Test func eachSliceHasItsOwnIntensity() throws {
        let sci = try #require(Laboratory.document().results?.sci)
        let slices = sci.components.emissionsFactor.slices
        #expect(slices.map(\.value) == [40, 90])
        let parts = [Self.truth(["falco"], 1020..<1500), Self.truth(["falco"], 1500..<1920)]
        for (slice, joules) in zip(slices, parts) { #expect(abs(slice.kWh - joules / 3.6e6) < 1e-12) }
        let grams = (parts[0] * 40 + parts[1] * 90) / 3.6e6 * 1.42
        #expect(abs(sci.operational.value - grams) < 1e-9)
        #expect(abs(sci.value - (grams + 550_000 * 0.25 / 35_040) / 220) < 1e-9)
        #expect(sci.units == "gCO2eq per event" && sci.components.functionalUnit.source == "events")
    }

    /// pipeline.md 5.3: 7867.5075 J in 15 minutes, France 2023, PUE 1.42 and Boavizta's m3.small.x86.
    @Test func theWorkedCheckReconciles() throws {
        var recording = Recording()
        for second in [Int64(0), 450, 900] {
            let identity = Scrape.Identity(
                name: "kepler_node_cpu_joules_total", labels: ["zone": "package", "instance": "n"])
            let up = Scrape.Identity(name: "up", labels: ["instance": "n"])
            let time = Laboratory.moment(second).milliseconds
            recording.append([Sample(time: time, value: 7867.5075 * Double(second) / 900)], to: identity)
            recording.append([Sample(time: time, value: 1)], to: up)
        }
        let windows = [
            RunDocument.Window(
                name: "run", start: "\(Laboratory.moment(0))", end: "\(Laboratory.moment(900))")
        ]
        let factors = try Laboratory.factors(
            #"{"source": "fixed", "value": 78.81, "kind": "average", "name": "co2.js, France", "revision": "2023"}"#)
        let inputs = InputsEntry(
            terms: Terms(platformMaxWatts: 100), primary: "node", scopes: [], factors: factors,
            intensity: try AppliedIntensity(factors, from: Laboratory.moment(0), to: Laboratory.moment(900)),
            unit: InputsEntry.Unit(name: "benchmark", value: 1))
        let results = try Assessment(of: recording, inputs: inputs, windows: windows).results()
        let energy = try #require(results.energy)
        let sci = try #require(results.sci)
        #expect(energy.grossJ == 7867.5075 && abs(energy.wattHours - 2.18542) < 1e-5)
        #expect(abs(energy.kilowattHours - 0.00218542) < 1e-8 && abs(energy.meanW - 8.7417) < 1e-4)
        #expect(abs(sci.operational.value - 0.24457) < 1e-5)
        #expect(abs(sci.operational.value / 1.42 - 0.17223) < 1e-5)
        #expect(abs(sci.components.embodiedCarbon.value - 3.92409) < 1e-5)
        #expect(abs(sci.value - 4.16866) < 1e-5)
    }

    @Test func nothingIsDividedByNothing() throws {
        let recording = Laboratory.recording()
        for unit in [
            InputsEntry.Unit(name: "event", value: 0), InputsEntry.Unit(name: "event", metric: "missing"),
            InputsEntry.Unit(name: "event", metric: "gone"), InputsEntry.Unit(name: "event"),
        ] {
            var inputs = try Laboratory.inputs()
            inputs.unit = unit
            #expect(throws: Misread.self) { try Laboratory.document(recording, inputs) }
        }
        var inputs = try Laboratory.inputs()
        inputs.unit = InputsEntry.Unit(name: "hour", seconds: 3600)
        let sci = try Laboratory.document(recording, inputs).results?.sci
        #expect(sci?.components.functionalUnit.value == 0.25 && sci?.units == "gCO2eq per hour")
        // A primary scope that is not there, and one without energy.
        inputs.primary = "nobody"
        #expect(throws: Misread.self) { try Laboratory.document(recording, inputs) }
        inputs.scopes = [InputsEntry.Scope(scope: "nobody", pods: ["a/b"])]
        #expect(throws: Misread.self) { try Laboratory.document(recording, inputs) }
        inputs.factors = nil
        let document = try Laboratory.document(recording, inputs)
        #expect(document.results?.energy == nil && document.results?.sci == nil)
    }

    @Test func aModelsJoulesAreEstimatesThoughTheirCountersAreExact() throws {
        func collection(_ name: String, _ labels: [String: String]) throws -> CollectionEntry {
            var recording = Laboratory.recording()
            recording.append(
                [Sample(time: Laboratory.moment(1020).milliseconds, value: 1)],
                to: Scrape.Identity(name: name, labels: labels))
            return try #require(try Laboratory.document(recording).collection)
        }
        let model = try collection("brahe_energy_source", ["source": "estimator"])
        #expect(model.energySource == "estimator" && model.isEstimated && !model.estimate)
        // Kepler says so in another place.
        #expect(try collection("kepler_node_info", ["components_power_source": "estimator"]).isEstimated)
        let meter = try collection("brahe_energy_source", ["source": "powercap"])
        #expect(meter.energySource == "powercap" && !meter.isEstimated)
        #expect(try Laboratory.document().collection?.energySource == nil)
    }

    @Test func theSameInputsGiveTheSameDocument() throws {
        #expect(try JSON(exactly: Laboratory.document()).page == JSON(exactly: Laboratory.document()).page)
    }

    @Test func theImpactFrameworkWouldSayTheSame() throws {
        let document = try Laboratory.document()
        let manifest = try #require(document.impactManifest)
        let child = manifest["tree"]["children"]["falco"]
        // What its plugins do, by hand: Multiply, Multiply, Sum, Sci, and the sum over time.
        var score = 0.0
        for input in child["inputs"].array {
            func number(_ name: String) -> Double { input[name].number ?? .nan }
            let operational = number("energy") * number("pue") * number("grid/carbon-intensity")
            score += (operational + number("embodied-carbon")) / number("functional-unit/event")
        }
        #expect(abs(score - (document.results?.sci?.value ?? 0)) < 1e-12)
        #expect(child["inputs"].array.map { $0["duration"].number } == [480, 420])
        let plugins = Set(manifest["initialize"]["plugins"].object.keys)
        #expect(plugins == Set(child["pipeline"]["compute"].array.compactMap(\.string)))
        #expect(RunDocument(runId: "r", status: .failed).impactManifest == nil)
    }
}
