import Exposition
import Testing

@Suite struct NegotiationTests {
    private func negotiate(accept: String = "", encoding: String = "") -> Negotiation {
        Negotiation(accept: Array(accept.utf8).span, encoding: Array(encoding.utf8).span)
    }

    /// What Prometheus 2 and 3 send, then the corners.
    @Test(
        arguments: [
            (
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                    + "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", "openmetrics 1.0.0"
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                    + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.2",
                "openmetrics 1.0.0"
            ),
            (
                "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "openmetrics 0.0.1"
            ),
            ("application/openmetrics-text", "openmetrics 0.0.1"),
            (#"Application/OpenMetrics-Text ; charset=utf-8 ; Version="1.0.0""#, "openmetrics 1.0.0"),
            ("application/openmetrics-text;version=2.0.0", "text"),
            ("", "text"), ("*/*", "text"), ("text/html, */*;q=0.8", "text"), (",;,=;q", "text"),
            ("text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0", "text"),
            ("application/openmetrics-text;version=1.0.0, text/plain", "openmetrics 1.0.0"),
            ("application/openmetrics-text;version=1.0.0;q=0.2, text/plain;q=0.3", "text"),
            ("application/openmetrics-text;version=1.0.0;q=0, text/plain;q=0", "text"),
            ("application/openmetrics-text;version=1.0.0;q=nan", "text"),
            ("text/plain;version=1.0.0, application/openmetrics-text;q=0.001", "openmetrics 0.0.1"),
        ] as [(String, String)])
    func theFormatIsTheOneLikedBest(accept: String, served: String) {
        let kind = negotiate(accept: accept)
        let types = [
            "text": "text/plain; version=0.0.4; charset=utf-8",
            "openmetrics 0.0.1": "application/openmetrics-text; version=0.0.1; charset=utf-8",
            "openmetrics 1.0.0": "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ]
        #expect("\(kind.contentType)" == types[served])
        #expect(kind.format == (served == "text" ? .text : .openMetrics))
    }

    @Test(
        arguments: [
            ("gzip", true), ("", false), ("deflate, gzip;q=1.0, *;q=0.5", true), ("gzip;q=0", false),
            ("gzip;q=0.0, identity", false), ("GZIP ; Q=0.5", true), ("gzip;q=0.5, identity;q=0.9", false),
            ("identity;q=0.1, gzip;q=0.2", true), ("gzip, identity", false), ("br, zstd", false), ("*", false),
            ("*, identity;q=0", true), ("*;q=0", false), ("gzip;q=2", false), ("gzip;q=0.001", true), ("xgzip", false),
        ] as [(String, Bool)])
    func gzipIsForThoseWhoLikeItBetterThanNone(encoding: String, gzip: Bool) {
        #expect(negotiate(encoding: encoding).gzip == gzip)
    }
}
