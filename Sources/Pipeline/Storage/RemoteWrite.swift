internal import Archive
internal import Documents
package import Host
package import Pages
package import Samples

/// The receiving end of remote write 1.0: a Prometheus, or any engine that takes what it takes.
package struct RemoteWrite: Sendable {
    package let endpoint: Endpoint
    /// Where below the endpoint it takes requests; empty if the endpoint is the very place.
    package let path: String
    /// How many samples go into one request.
    package var batch = 10_000
    /// How long one request is tried again while the receiver does not answer, or answers 429 or 5xx, in milliseconds.
    package var patience: Int64 = 60_000

    /// A receiver, by default where Prometheus has it.
    package init(_ endpoint: Endpoint, path: String = "/api/v1/write") {
        self.endpoint = endpoint
        self.path = path
    }

    private var url: String { endpoint.url + path }

    /// Writes all samples, each series in the order of time; returns how many there were.
    ///
    /// What was written before a request fails stays written. Throws one line, with what can be done about it: exit 3 where
    /// nothing listens or it refuses whoever asks, else exit 8.
    package func push(_ series: [Series]) throws(Failure) -> Int {
        var storable: [Series] = []
        for one in series {
            do {
                storable.append(try one.storable())
            } catch {
                throw Failure(.dataMissing, "write to \(url): \(error)")
            }
        }
        for part in storable.parts(of: batch) { try send(part) }
        return storable.reduce(0) { $0 + $1.samples.count }
    }

    private func send(_ series: [Series]) throws(Failure) {
        let body = WriteRequest.body(series)
        let begin = Moment.now
        var delay: Int64 = 500
        while true {
            let answer = try endpoint.post(body, to: path, WriteRequest.headers, timeout: 30_000)
            if (200...299).contains(answer.status) { return }
            let canHelp = answer.status == 0 || answer.status == 429 || answer.status >= 500
            let asked = answer.header("retry-after").flatMap(Int64.init).map { min(max($0, 0), 3600) * 1000 }
            let pause = asked ?? delay
            guard canHelp, Moment.now + pause - begin < patience else { throw refusal(answer) }
            try Interruption.pause(milliseconds: UInt32(clamping: pause))
            delay = min(delay * 2, 30_000)
        }
    }

    private func refusal(_ answer: HTTPAnswer) -> Failure {
        let advice: String? =
            switch answer.status {
            case 401, 403: "it wants other credentials"
            case 404: "it takes no remote write there; Prometheus wants --web.enable-remote-write-receiver"
            case 400 where answer.body.contains("out of bounds"):
                "the samples are older than it still takes; backfill them"
            case 400 where answer.body.contains("out of order"):
                "it has younger samples of the series already; backfill them"
            case 400 where answer.body.contains("duplicate sample"):
                "it has another value of the series at that time, and keeps it"
            default: nil
            }
        let isOurs = [0, 401, 403, 404].contains(answer.status)
        return Failure(
            isOurs ? .configuration : .dataMissing,
            "write to \(url): \(answer.reason)" + (advice.map { ": \($0)" } ?? ""))
    }
}
