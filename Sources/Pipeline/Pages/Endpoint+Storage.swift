internal import Documents
package import Host
package import Samples

extension Endpoint {
    /// Posts bytes to a path; any status is an answer. Throws where a file of the credentials makes no sense.
    package func post(
        _ bytes: [UInt8], to path: String, _ headers: [(name: String, value: String)], timeout milliseconds: Int
    ) throws(Failure) -> HTTPAnswer {
        var request = try request("POST", path, timeout: milliseconds)
        request.headers += headers
        request.bodyBytes = bytes
        return request.answer()
    }
}

extension Prometheus {
    /// All samples of a selector between two times, both included, in milliseconds, just as they are stored: where an engine
    /// has two of one time, both come.
    package func stored(_ selector: String, from start: Int64, to end: Int64) throws(Failure) -> [Series] {
        // VictoriaMetrics hides the last 30 seconds from those who do not say nocache.
        let form = [
            ("query", "\(selector)[\(end - start + 1)ms]"), ("time", Recording.seconds(end)), ("nocache", "1"),
        ]
        var stored: [Series] = []
        let reader = MatrixReader { series in stored.append(series) }
        let answer = try request("POST", "/api/v1/query", form).answer(to: reader.feed)
        guard answer.status == 200, reader.end(), reader.status == "success" else {
            let reason = reader.error ?? (answer.status == 200 ? reader.reason : answer.reason)
            throw failure(selector, reason)
        }
        return stored
    }
}
