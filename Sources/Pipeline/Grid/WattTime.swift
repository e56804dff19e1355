package import Carbon
package import Documents
package import Host

/// WattTime: marginal intensities by region, of the past.
///
/// Contract: https://docs.watttime.org, version 3. The secret is `user:password`; what it buys holds for half an hour.
package struct WattTime {
    /// The service's own address.
    package static let usual = "https://api.watttime.org"
    private let service: Service

    package init(url: String = usual, user: Secret) {
        service = Service(url: url, secret: user)
    }

    /// The intensities of a region over a window, in grams per kilowatt-hour.
    package func intensities(of region: String, from start: Moment, to end: Moment) throws(Failure) -> Intensities {
        // A value holds from its time on, and they come by five minutes.
        let first = Moment(milliseconds: start.milliseconds / 300_000 * 300_000)
        let path =
            "/v3/historical?region=\(HTTPRequest.encoded(region))&start=\(HTTPRequest.encoded("\(first)"))"
            + "&end=\(HTTPRequest.encoded("\(end)"))&signal_type=co2_moer"
        var token = try login()
        var answer = try service.get(path, ("Authorization", "Bearer \(token.text)"))
        if answer.status == 401 {
            token = try login()
            answer = try service.get(path, ("Authorization", "Bearer \(token.text)"))
        }
        guard answer.status == 200 else {
            let failure = service.failure(path, answer)
            throw Failure(failure.exit, token.hidden(in: failure.message))
        }
        do {
            return try Intensities(parsing: answer.body)
        } catch {
            throw service.failure(path, error)
        }
    }

    private func login() throws(Failure) -> Secret {
        let answer = try service.get("/login", ("Authorization", "Basic \(service.secret.base64)"))
        guard answer.status == 200 else { throw service.failure("/login", answer) }
        guard let text = (try? JSON(parsing: answer.body))?["token"].string, let token = Secret(text) else {
            throw Failure(.dataMissing, "GET \(service.url)/login: the answer has no token")
        }
        return token
    }
}
