internal import CPipeline
internal import Exposition
internal import Samples

/// Reads an answer with a matrix while it comes in: a C parser, so that neither the answer nor a tree of its values is ever
/// in memory as a whole.
final class MatrixReader {
    /// The series that came, each as a whole.
    private let take: (Series) -> Void
    private var matrix: OpaquePointer?
    /// What the answer says besides.
    private(set) var status: String?
    private(set) var errorType: String?
    private(set) var error: String?
    private(set) var resultType: String?
    private(set) var notes: [String] = []
    /// How many samples came.
    private(set) var count = 0

    init(_ take: @escaping (Series) -> Void) {
        self.take = take
        var reader = cpipeline_matrix_reader(
            series: { context, series in
                Unmanaged<MatrixReader>.fromOpaque(context).takeUnretainedValue().add(series.pointee)
            },
            remark: { context, remark, text, size in
                let text = String(decoding: UnsafeRawBufferPointer(start: text, count: size), as: UTF8.self)
                Unmanaged<MatrixReader>.fromOpaque(context).takeUnretainedValue().note(remark, text)
            },
            context: Unmanaged.passUnretained(self).toOpaque())
        matrix = cpipeline_matrix_new(&reader)
    }

    deinit { if let matrix { cpipeline_matrix_free(matrix) } }

    /// Reads more; false if it is no such answer.
    func feed(_ bytes: UnsafeBufferPointer<CChar>) -> Bool {
        guard let matrix, let start = bytes.baseAddress else { return false }
        return cpipeline_matrix_feed(matrix, start, bytes.count)
    }

    /// Says that it ended; false if it is not whole.
    func end() -> Bool { matrix.map { cpipeline_matrix_end($0) } ?? false }

    /// What is wrong with the answer; empty if nothing is.
    var reason: String { matrix.map { String(cString: cpipeline_matrix_reason($0)) } ?? "no memory" }

    private func add(_ series: cpipeline_series) {
        var labels: [String: String] = [:]
        labels.reserveCapacity(series.labels)
        var text = series.text
        func next(_ index: Int) -> String {
            let size = series.sizes[index]
            defer { text += size }
            return String(decoding: UnsafeRawBufferPointer(start: text, count: size), as: UTF8.self)
        }
        for index in 0..<series.labels {
            let name = next(2 * index)
            labels[name] = next(2 * index + 1)
        }
        let name = labels.removeValue(forKey: "__name__") ?? ""
        let samples = UnsafeBufferPointer(start: series.samples, count: series.count).map {
            Sample(time: $0.time_ms, value: $0.value)
        }
        count += samples.count
        take(Series(Scrape.Identity(name: name, labels: labels), samples: samples))
    }

    private func note(_ remark: cpipeline_remark, _ text: String) {
        switch remark {
        case CPIPELINE_STATUS: status = text
        case CPIPELINE_ERROR_TYPE: errorType = text
        case CPIPELINE_ERROR: error = text
        case CPIPELINE_RESULT_TYPE: resultType = text
        default: notes.append(Prometheus.oneLine(text))
        }
    }
}
