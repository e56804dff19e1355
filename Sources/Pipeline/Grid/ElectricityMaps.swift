package import Carbon
package import Documents
package import Host

/// Electricity Maps: average intensities by zone, of the past.
///
/// Contract: https://app.electricitymaps.com/developer-hub/api, versions 3 and 4.
package struct ElectricityMaps {
    /// The service's own address.
    package static let usual = "https://api.electricitymaps.com"
    private let service: Service

    package init(url: String = usual, token: Secret) {
        service = Service(url: url, secret: token)
    }

    /// The intensities of a zone over a window.
    ///
    /// The fourth version has them by five minutes; where it is not served or not paid for, the third has them by hours,
    /// and of the last 24 hours for every account. Throws if none of these answers with intensities.
    package func intensities(of zone: String, from start: Moment, to end: Moment) throws(Failure) -> Intensities {
        let hour: Int64 = 3_600_000
        let first = Moment(milliseconds: start.milliseconds / hour * hour)
        let last = Moment(milliseconds: (end.milliseconds + hour - 1) / hour * hour)
        let zone = HTTPRequest.encoded(zone)
        let range =
            "zone=\(zone)&start=\(HTTPRequest.encoded("\(first)"))&end=\(HTTPRequest.encoded("\(last)"))"
        var refusal: Failure?
        for path in [
            "/v4/carbon-intensity/past-range?\(range)&temporalGranularity=5_minutes",
            "/v3/carbon-intensity/past-range?\(range)", "/v3/carbon-intensity/history?zone=\(zone)",
        ] {
            let answer = try service.get(path, ("auth-token", service.secret.text))
            guard answer.status == 200 else {
                let failure = service.failure(path, answer)
                // 400, 403 and 404 say that this way is not open; another one may be.
                guard [400, 403, 404].contains(answer.status) else { throw failure }
                refusal = failure
                continue
            }
            let read = try parsed(answer.body, path)
            guard path.hasPrefix("/v3"), read.mean(from: start, lasting: end - start) == nil else { return read }
            // The hour that is not over yet is only in `latest`.
            let path = "/v3/carbon-intensity/latest?zone=\(zone)"
            let latest = try service.get(path, ("auth-token", service.secret.text))
            guard latest.status == 200 else { return read }
            return read.filled(by: try parsed(latest.body, path))
        }
        throw refusal ?? Failure(.dataMissing, "ask \(service.url) for \(zone): no answer")
    }

    private func parsed(_ text: String, _ path: String) throws(Failure) -> Intensities {
        do {
            return try Intensities(parsing: text)
        } catch {
            throw service.failure(path, error)
        }
    }
}
