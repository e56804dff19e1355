package import Documents

/// The projects that are measured: projects.json.
package struct ProjectList: Equatable, Sendable {
    package let projects: [Project]
    /// Keys that brahe does not know, one line each: they may be upstream's next ones, or misspelt.
    package let warnings: [String]

    /// Reads the text of projects.json; throws what is wrong with it and where.
    package init(parsing text: String) throws(Misread) {
        var warnings: [String] = []
        let document = try Field.document(text).object(knowing: ["projects"], warnings: &warnings)
        var projects: [Project] = []
        for entry in try document["projects"].elements() {
            let project = try Self.project(entry, &warnings)
            guard !projects.contains(where: { $0.name == project.name }) else {
                throw Misread("\(entry.path).name", "\(project.name) is there twice")
            }
            projects.append(project)
        }
        self.projects = projects
        self.warnings = warnings
    }

    /// The project of that name.
    package subscript(name: String) -> Project? { projects.first { $0.name == name } }

    private static let keys = [
        "name", "organization", "repository", "configs", "config", "namespace", "tag_pattern", "prereleases",
        "version_template", "benchmark", "functional_unit", "repeat", "scope", "metrics", "factors",
    ]

    private static func project(_ entry: Field, _ warnings: inout [String]) throws(Misread) -> Project {
        let entry = try entry.object(knowing: keys, warnings: &warnings)
        return Project(
            name: try checked(entry["name"], Name.objection(to:)),
            organization: try checked(entry["organization"], Name.objection(toRepository:)),
            repository: try entry["repository"].given.map { field throws(Misread) in
                try checked(field, Name.objection(toRepository:))
            },
            configurations: try configurations(entry),
            namespace: try entry["namespace"].given?.string(),
            releases: try releases(entry),
            benchmark: try entry["benchmark"].given.map { field throws(Misread) in try benchmark(field, &warnings) },
            functionalUnit: try entry["functional_unit"].given.map { field throws(Misread) in
                try Project.FunctionalUnit(field, &warnings)
            },
            repeats: Int(try entry["repeat"].given?.integer(in: 1...1000) ?? 1),
            scope: try entry["scope"].given?.strings() ?? [], metrics: try metrics(entry["metrics"], &warnings),
            factors: entry["factors"].value)
    }

    private static func checked(
        _ field: Field, _ objection: (String) -> String?
    ) throws(Misread) -> String {
        let name = try field.string()
        if let objection = objection(name) { throw Misread(field.path, "\(name.debugDescription) \(objection)") }
        return name
    }

    /// `configs` upstream, `config` in the proposal.
    private static func configurations(_ entry: Field) throws(Misread) -> [String] {
        if entry["configs"].given != nil, entry["config"].given != nil {
            throw Misread(entry.path, "has configs and config; one of them says it")
        }
        guard let field = entry["configs"].given ?? entry["config"].given else { return [] }
        var names: [String] = []
        for element in try field.elements() {
            let name = try checked(element, Name.objection(to:))
            guard !names.contains(name) else { throw Misread(element.path, "\(name) is there twice") }
            names.append(name)
        }
        return names
    }

    private static func releases(_ entry: Field) throws(Misread) -> ReleasePolicy {
        let policy = ReleasePolicy(
            tagPattern: try entry["tag_pattern"].given?.string(),
            prereleases: try entry["prereleases"].given?.bool() ?? false,
            versionTemplate: try entry["version_template"].given?.string())
        do {
            // A template that is none is noticed here and not at the next release.
            _ = try policy.version(ofTag: "1.0.0")
        } catch {
            throw Misread(entry["version_template"].path, error.reason)
        }
        return policy
    }

    private static func benchmark(
        _ field: Field, _ warnings: inout [String]
    ) throws(Misread) -> Project.Benchmark {
        let entry = try field.object(
            knowing: [
                "k8s_manifest_url", "k8s_manifest_file", "sha256", "duration_mins", "warmup_seconds", "until",
            ], warnings: &warnings)
        let end = try end(entry["until"], &warnings)
        let address = try entry["k8s_manifest_url"].given?.string()
        let file = try entry["k8s_manifest_file"].given?.string()
        if let address, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
            throw Misread(entry["k8s_manifest_url"].path, "\(address) is no address; a file is k8s_manifest_file")
        }
        if address != nil, file != nil {
            throw Misread(entry.path, "has k8s_manifest_url and k8s_manifest_file; one of them says it")
        }
        if address == nil, file == nil {
            guard case .command = end else { throw Misread(entry.path, "has no k8s_manifest_url or k8s_manifest_file") }
        }
        // A month at most.
        let minutes = try entry["duration_mins"].given?.number(in: 0.01...43_200)
        if minutes == nil, end == .duration { throw entry["duration_mins"].wrong("a number of minutes") }
        return Project.Benchmark(
            manifest: address ?? file, sha256: try digest(entry["sha256"]), minutes: minutes,
            warmupSeconds: try entry["warmup_seconds"].given?.number(in: 0...86_400) ?? 0, until: end)
    }

    private static func metrics(_ field: Field, _ warnings: inout [String]) throws(Misread) -> [Project.Metric] {
        var metrics: [Project.Metric] = []
        for element in try field.given?.elements() ?? [] {
            let entry = try element.object(knowing: ["name", "promql", "unit", "aggregation"], warnings: &warnings)
            let word = try entry["aggregation"].string()
            guard let aggregation = Project.Metric.Aggregation(rawValue: word) else {
                let known = Project.Metric.Aggregation.allCases.map(\.rawValue).joined(separator: ", ")
                throw Misread(entry["aggregation"].path, "\(word) is none of \(known)")
            }
            let name = try entry["name"].string()
            guard !metrics.contains(where: { $0.name == name }) else {
                throw Misread(entry["name"].path, "\(name) is there twice")
            }
            metrics.append(
                Project.Metric(
                    name: name, promql: try entry["promql"].string(), unit: try entry["unit"].string(),
                    aggregation: aggregation))
        }
        return metrics
    }

    private static func digest(_ field: Field) throws(Misread) -> String? {
        guard let digits = try field.given?.string().lowercased() else { return nil }
        guard digits.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw Misread(field.path, "is not the 64 hexadecimal digits of SHA-256")
        }
        return digits
    }

    static func end(_ field: Field, _ warnings: inout [String]) throws(Misread) -> Project.Benchmark.End {
        guard let field = field.given, field.value.string != "duration" else { return .duration }
        guard case .object = field.value else {
            throw field.wrong("\"duration\" or an object with job, command or metric")
        }
        let entry = try field.object(knowing: ["job", "command", "metric", "labels", "target"], warnings: &warnings)
        let kinds = ["job", "command", "metric"].filter { entry[$0].given != nil }
        switch kinds {
        case ["job"]: return .job(try entry["job"].string())
        case ["command"]:
            let words = try entry["command"].strings()
            guard !words.isEmpty else { throw Misread(entry["command"].path, "is empty") }
            return .command(words)
        case ["metric"]:
            var labels: [String: String] = [:]
            if let given = entry["labels"].given {
                guard case .object(let members) = given.value else { throw given.wrong("an object") }
                for name in members.keys.sorted() { labels[name] = try given[name].string() }
            }
            return .metric(
                try entry["metric"].string(), labels: labels, target: try entry["target"].number(in: 0...1e18))
        default: throw Misread(entry.path, "wants one of job, command and metric")
        }
    }
}
