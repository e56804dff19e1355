package import Documents

extension Project.Benchmark.End {
    /// Reads the value of `until`; throws what is wrong with it.
    package init(_ json: JSON) throws(Misread) {
        var warnings: [String] = []
        self = try ProjectList.end(Field(path: "until", value: json), &warnings)
    }

    /// What `init(_:)` reads.
    package var json: JSON {
        switch self {
        case .duration: "duration"
        case .job(let name): ["job": .string(name)]
        case .command(let words): ["command": .array(words.map { .string($0) })]
        case .metric(let name, let labels, let target):
            ["metric": .string(name), "labels": .object(labels.mapValues { .string($0) }), "target": .number(target)]
        }
    }
}
