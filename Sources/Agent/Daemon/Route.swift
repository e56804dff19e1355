/// What the agent answers to, and how.
enum Route {
    case landing, metrics, health, readiness, sample

    /// The route of a path without its query; nil where there is none.
    init?(_ path: String, metrics: String) {
        switch path {
        case metrics: self = .metrics
        case "/": self = .landing
        case "/healthz": self = .health
        case "/readyz": self = .readiness
        case "/sample": self = .sample
        default: return nil
        }
    }

    /// The methods that a route takes, as the header `Allow` lists them.
    var methods: StaticString { self == .sample ? "POST" : "GET, HEAD" }

    /// Whether a route takes a method.
    func takes(_ method: String) -> Bool {
        self == .sample ? method == "POST" : method == "GET" || method == "HEAD"
    }

    /// Whether a path can be that of the metrics: absolute, of characters that need no escape in a URL or in HTML, and
    /// nobody else's.
    static func canBeMetrics(_ path: String) -> Bool {
        path.hasPrefix("/") && Route(path, metrics: "") == nil
            && path.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "~")
            }
    }
}
