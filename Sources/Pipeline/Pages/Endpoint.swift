package import Host

/// A server and how it is asked: its URL, with its path prefix if it has one, and the credentials.
package struct Endpoint: Sendable {
    /// No slash at the end.
    package let url: String
    package let credentials: Credentials

    /// A server; `checked` says whether the URL makes sense.
    package init(_ url: String, _ credentials: Credentials = Credentials()) {
        var url = url[...]
        while url.hasSuffix("/") { url = url.dropLast() }
        self.url = String(url)
        self.credentials = credentials
    }

    /// A server that a user has named; throws a URL or credentials that make no sense.
    package static func checked(_ url: String, _ credentials: Credentials = Credentials()) throws(Failure) -> Endpoint {
        let known = ["http://", "https://"].first { url.lowercased().hasPrefix($0) }
        guard let known, url.count > known.count else {
            throw Failure(.usage, "\(Self.shown(url)) is not a URL like http://127.0.0.1:9090/prefix")
        }
        let rest = url.dropFirst(known.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw Failure(
                .usage, "\(Self.shown(url)) has a user in it; name the user and a file with the password instead")
        }
        guard !rest.contains(where: { "?# ".contains($0) }) else {
            throw Failure(.usage, "\(url) is not the base of an API: it has a query or a blank")
        }
        try credentials.check()
        return Endpoint(url, credentials)
    }

    /// A URL without the user and the password that somebody may have put there.
    private static func shown(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@") else { return url }
        let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
        return "\(scheme)***@\(url[url.index(after: at)...])"
    }

    /// The host and the port as the URL has them: what Prometheus would call the `instance`.
    package var address: String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" }
        let hasPort =
            authority.drop { $0 != "]" }.contains(":") || (!authority.contains("]") && authority.contains(":"))
        return hasPort ? String(authority) : "\(authority):\(url.lowercased().hasPrefix("https") ? 443 : 80)"
    }

    /// A request to a path; throws where a file of the credentials makes no sense.
    func request(_ method: String, _ path: String, timeout milliseconds: Int) throws(Failure) -> HTTPRequest {
        var request = HTTPRequest(method, url + path)
        request.timeoutMilliseconds = milliseconds
        try credentials.add(to: &request)
        return request
    }

    /// One request; any status is an answer, and so is that nothing could be asked.
    package func ask(_ path: String, post: Bool = false, timeout milliseconds: Int = 10_000) -> HTTPAnswer {
        do {
            var request = try request(post ? "POST" : "GET", path, timeout: milliseconds)
            if post { request.body = "" }
            return request.answer()
        } catch {
            return HTTPAnswer(error: error.message)
        }
    }
}
