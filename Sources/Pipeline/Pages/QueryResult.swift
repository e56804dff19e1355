internal import Documents
internal import Exposition
package import Host
package import Samples

/// What a query of Prometheus gives.
package struct QueryResult: Equatable, Sendable {
    /// `vector`, `matrix`, `scalar` or `string`, as the API calls them.
    package let type: String
    /// The series; a scalar is one without name and labels. One sample each, but in a matrix.
    package let series: [Series]
    /// The text of a string.
    package let text: String?
    /// What Prometheus remarks, one line each.
    package let notes: [String]

    /// The result that an answer holds; throws an answer that holds none.
    package init(_ answer: Prometheus.Answer) throws(Failure) {
        do throws(Misread) {
            try self.init(Field(path: "data", value: answer.data), notes: answer.notes)
        } catch {
            throw Failure(.dataMissing, "read an answer of Prometheus: \(error)")
        }
    }

    private init(_ data: Field, notes: [String]) throws(Misread) {
        type = try data["resultType"].string()
        self.notes = notes
        let result = data["result"]
        var series: [Series] = []
        var text: String?
        switch type {
        case "vector", "matrix":
            for element in try result.elements() {
                var labels: [String: String] = [:]
                for name in element["metric"].value.object.keys.sorted() {
                    labels[name] = element["metric"][name].value.string ?? ""
                }
                let name = labels.removeValue(forKey: "__name__") ?? ""
                var samples: [Sample] = []
                if type == "vector" {
                    samples = [try Self.sample(element["value"])]
                } else {
                    for value in try element["values"].elements() { samples.append(try Self.sample(value)) }
                }
                series.append(Series(Scrape.Identity(name: name, labels: labels), samples: samples))
            }
        case "scalar":
            series = [Series(Scrape.Identity(name: "", labels: [:]), samples: [try Self.sample(result)])]
        case "string": text = result.value[1].string
        default: throw data["resultType"].wrong("vector, matrix, scalar or string")
        }
        self.series = series
        self.text = text
    }

    /// A time in seconds and a value in quotes: the value is the second of the two.
    private static func sample(_ field: Field) throws(Misread) -> Sample {
        let pair = try field.elements()
        guard pair.count == 2, let seconds = pair[0].value.number,
            let time = Int64(exactly: (seconds * 1000).rounded()),
            let value = pair[1].value.string.flatMap(Double.init)
        else { throw field.wrong("a time and a value") }
        return Sample(time: time, value: value)
    }
}
