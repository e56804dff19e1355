internal import Documents
internal import Results

/// The tables of a run.
struct RunSheets {
    let run: RunDocument
    private let tone: Tone

    init(_ run: RunDocument) {
        self.run = run
        tone = Tone(of: run)
    }

    private var scopes: [ScopeEntry] { run.results?.scopes ?? [] }

    /// The energy of the node, to tell shares of it.
    private var nodeJ: Double? { scopes.first { $0.scope == "node" }?.energy?.grossJ }

    /// Each window, and what the scored scope and the node drew in it.
    var windows: Sheet {
        let primary = run.results?.primary ?? "node"
        let told = (primary == "node" ? [] : [primary]) + ["node"]
        let rows = run.windows.map { window -> [String] in
            let (start, end) = (Moment(window.start), Moment(window.end))
            let from = start.map { Clock($0).text(.all) } ?? Digits.dash
            let sameDay = start.map { Clock($0).text(.day) } == end.map { Clock($0).text(.day) }
            let to = end.map { Clock($0).text(sameDay ? .seconds : .all) } ?? Digits.dash
            let length = start.flatMap { start in end.map { Clock.span(Double($0 - start) / 1000) } } ?? Digits.dash
            return [window.name, from, to, length] + told.map { power(of: $0, in: window.name) }
        }
        return Sheet(
            "Windows",
            [.words("Window"), .number("From, UTC"), .number("To, UTC"), .number("Length")]
                + told.map { .number("Power of \(Plain.line($0))") }, rows: rows
        ).trimmed()
    }

    private func power(of scope: String, in window: String) -> String {
        guard let energy = scopes.first(where: { $0.scope == scope })?.energy else { return "" }
        if window == "run" { return tone.text(energy.meanW, "W") }
        return energy.net.first { $0.window == window }.map(tone.quiet) ?? ""
    }

    /// Each scope's energy, power and CPU time.
    var scopeTable: Sheet {
        let rows = scopes.map { scope -> [String] in
            let energy = scope.energy
            let name =
                scope.unseen.isEmpty
                ? scope.scope : "\(scope.scope) (\(scope.unseen.count) of \(scope.pods.count) pods unseen)"
            return [
                name, energy.map(tone.energy) ?? Digits.dash, energy.map { tone.range($0) } ?? "",
                tone.text(energy?.wattHours, "Wh"), tone.text(energy?.meanW, "W"),
                tone.text(energy?.peakW, "W"), share(of: energy?.grossJ),
                cpu(scope.cpuS, scope.cpuLowerS, scope.cpuUpperS),
            ]
        }
        let zone = run.results.map { "The energy is that of the zone \(Plain.line($0.zone))." } ?? ""
        return Sheet(
            "Energy by scope",
            [
                .words("Scope"), .number("Energy"), .number(tone.rangeHeading), .number("Wh"), .number("Mean power"),
                .number("Peak"), .number("Share of node"), .number("CPU time"),
            ], rows: rows, note: zone
        ).trimmed()
    }

    /// What remains of each scope's energy when a quiet window's power is taken off.
    var netTable: Sheet {
        let rows = scopes.flatMap { scope in
            (scope.energy?.net ?? []).map { net in
                [scope.scope, net.window, tone.quiet(net), tone.net(net)]
            }
        }
        return Sheet(
            "Net energy", [.words("Scope"), .words("Less"), .number("Its power"), .number("Net energy, 95 %")],
            rows: rows)
    }

    private func share(of joules: Double?) -> String {
        guard let joules, let nodeJ, nodeJ > 0 else { return "" }
        return Unit.percent(joules / nodeJ)
    }

    private func cpu(_ value: Double?, _ lower: Double?, _ upper: Double?) -> String {
        value.map { Unit.reading($0, "s", from: lower, to: upper).text } ?? ""
    }

    /// The consumers of each level that has any, the most energy first.
    func consumers(atMost limit: Int) -> [Sheet] {
        let all = run.results?.consumers ?? []
        let titles = [
            ("node", "Nodes"), ("namespace", "Namespaces"), ("workload", "Workloads"), ("pod", "Pods"),
            ("container", "Containers"), ("cgroup", "Other cgroups"),
        ]
        let known = Set(titles.map(\.0))
        let others = Set(all.map(\.level)).subtracting(known).sorted().map { ($0, $0) }
        return (titles + others).compactMap { level, title in
            let found = all.filter { $0.level == level }
            let busy = found.filter { $0.joules != 0 || ($0.cpuS ?? 0) > 0 }
            let idle = found.count - busy.count
            let rows = busy.sorted { one, other in
                let (mine, theirs) = (rank(one), rank(other))
                return mine != theirs ? mine > theirs : ConsumerName.full(one) < ConsumerName.full(other)
            }.map(row)
            guard !rows.isEmpty else { return nil }
            return Sheet(
                Plain.line(title),
                [
                    .words("Name"), .number("Energy"), .number(tone.rangeHeading), .number("Mean power"),
                    .number("Share of node"), .number("CPU time"),
                ], rows: rows, note: idle == 0 ? "" : "\(idle) more used nothing."
            ).trimmed(to: level == "cgroup" ? min(limit, Self.mostCgroups) : limit)
        }
    }

    /// How many cgroups that are no container's are listed: a machine's own services are many, and no project's.
    private static let mostCgroups = 10

    /// Those whose energy nobody knows come last.
    private func rank(_ consumer: ConsumerEntry) -> Double {
        consumer.joules.flatMap { $0.isNaN ? nil : $0 } ?? -1
    }

    private func row(_ consumer: ConsumerEntry) -> [String] {
        [
            ConsumerName.full(consumer),
            tone.text(consumer.joules, "J", from: consumer.lowerJ, to: consumer.upperJ),
            tone.range(consumer.joules, "J", from: consumer.lowerJ, to: consumer.upperJ),
            tone.text(consumer.meanW, "W"), consumer.share.map { Unit.percent($0) } ?? "",
            cpu(consumer.cpuS, consumer.cpuLowerS, consumer.cpuUpperS),
        ]
    }

    /// One number each, with its query; those of one name are told apart by how their values became one.
    var metrics: Sheet {
        let all = run.results?.metrics ?? []
        let names = Dictionary(all.map { ("\($0.scope)/\($0.name)", 1) }, uniquingKeysWith: +)
        let rows = all.filter { $0.value != nil }.map { metric -> [String] in
            let energetic = ["J", "W", "Wh"].contains(metric.unit)
            let tone = energetic ? self.tone : Tone(estimate: false)
            let alone = names["\(metric.scope)/\(metric.name)"] == 1
            return [
                alone ? metric.name : "\(metric.name), \(metric.aggregation)",
                tone.text(metric.value, metric.unit, from: metric.lower, to: metric.upper),
                self.tone.estimate && metric.lower == metric.upper
                    ? "" : tone.range(metric.value, metric.unit, from: metric.lower, to: metric.upper), metric.scope,
                metric.aggregation, metric.series.map(String.init) ?? "", metric.query ?? "",
            ]
        }
        return Sheet(
            "Metrics",
            [
                .words("Metric"), .number("Value"), .number(tone.rangeHeading), .words("Scope"), .words("Aggregation"),
                .number("Series"), .prose("Query"),
            ], rows: rows, note: missing(all)
        ).trimmed()
    }

    /// The metrics without a value, each once with the scopes that lack it, by the reason.
    private func missing(_ metrics: [ResultsEntry.Metric]) -> String {
        var lacks: [(reason: String, name: String, scopes: [String])] = []
        for metric in metrics where metric.value == nil {
            let reason = metric.reason ?? "nobody says why"
            if let place = lacks.firstIndex(where: { $0.reason == reason && $0.name == metric.name }) {
                if !lacks[place].scopes.contains(metric.scope) { lacks[place].scopes.append(metric.scope) }
            } else {
                lacks.append((reason, metric.name, [metric.scope]))
            }
        }
        return lacks.map { "\($0.name) of \($0.scopes.joined(separator: ", ")) has no value: \($0.reason)." }
            .joined(separator: " ")
    }
}
