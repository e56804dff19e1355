import Host
import Pages

/// The options that say which Prometheus is asked, and who asks agents and Prometheus.
enum PrometheusOptions {
    /// Who asks, and whom to trust; for agents and for Prometheus alike.
    static let credentials = [
        Option(name: "--ca-file", value: "FILE", help: "PEM: trust these authorities instead of the system's"),
        Option(name: "--cert-file", value: "FILE", help: "PEM: the certificate to show"),
        Option(name: "--key-file", value: "FILE", help: "PEM: its key"),
        Option(name: "--insecure", value: nil, help: "take any certificate of the server's"),
        Option(name: "--user", value: "NAME", help: "the user of basic authentication"),
        Option(name: "--password-file", value: "FILE", help: "its password, on the first line"),
        Option(name: "--token-file", value: "FILE", help: "a bearer token, on the first line"),
        Option(name: "--header-file", value: "FILE", help: "more headers, Name: value on each line"),
    ]

    /// Where it is, and who asks.
    static let all =
        [
            Option(name: "--prometheus", value: "URL", help: "the base of its API, with its path prefix if it has one"),
            Option(name: "--instance", value: "LABEL", help: "the label instance there, if there are several"),
        ] + credentials

    /// Who asks; throws what makes no sense, and a file that cannot be read.
    static func credentials(_ options: Options) throws(Failure) -> Credentials {
        var credentials = Credentials()
        credentials.caFile = options["--ca-file"]
        credentials.certFile = options["--cert-file"]
        credentials.keyFile = options["--key-file"]
        credentials.insecure = options["--insecure"].map { _ in true }
        credentials.user = options["--user"]
        credentials.passwordFile = options["--password-file"]
        credentials.tokenFile = options["--token-file"]
        credentials.headerFile = options["--header-file"]
        try credentials.check()
        return credentials
    }

    /// The Prometheus of `--prometheus`, or the one at `usual`; nil if there is neither.
    static func client(_ options: Options, usual: String? = nil) throws(Failure) -> Prometheus? {
        guard let url = options["--prometheus"] ?? usual else { return nil }
        return Prometheus(try Endpoint.checked(url, credentials(options)))
    }

    /// The agents of `--agent`, each given by its URL.
    static func agents(_ options: Options) throws(Failure) -> [AgentClient] {
        var agents: [AgentClient] = []
        for url in options.all("--agent") { agents.append(AgentClient(try .checked(url, credentials(options)))) }
        return agents
    }
}
