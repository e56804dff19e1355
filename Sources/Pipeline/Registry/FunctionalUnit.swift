package import Documents

extension Project.FunctionalUnit {
    /// Reads the value of `functional_unit`; throws what is wrong with it.
    package init(_ json: JSON) throws(Misread) {
        var warnings: [String] = []
        try self.init(Field(path: "functional_unit", value: json), &warnings)
    }

    init(_ field: Field, _ warnings: inout [String]) throws(Misread) {
        let unit = try field.object(knowing: ["name", "value", "metric", "seconds"], warnings: &warnings)
        name = try unit["name"].string()
        let kinds = ["value", "metric", "seconds"].filter { unit[$0].given != nil }
        switch kinds {
        case ["value"]: amount = .count(try unit["value"].number(in: 1e-9...1e15))
        case ["metric"]: amount = .metric(try unit["metric"].string())
        case ["seconds"]: amount = .seconds(try unit["seconds"].number(in: 1e-3...1e9))
        default: throw Misread(unit.path, "wants one of value, metric and seconds")
        }
    }

    /// What `init(_:)` reads.
    package var json: JSON {
        switch amount {
        case .count(let count): ["name": .string(name), "value": .number(count)]
        case .metric(let metric): ["name": .string(name), "metric": .string(metric)]
        case .seconds(let seconds): ["name": .string(name), "seconds": .number(seconds)]
        }
    }
}
