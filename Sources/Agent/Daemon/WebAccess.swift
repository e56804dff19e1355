import CAgent
import Glibc
import Node
import YAML

/// What the web config file demands of requests, kept up to date with the file and those that it names.
final class WebAccess {
    /// Why a request is not answered.
    enum Refusal: Equatable {
        case unauthorized
        case tooMany(seconds: Int)
    }

    private let path: String
    private var config: WebConfig
    private var auth: BasicAuth
    private var bucket: Bucket
    private var files: [FileStamp]
    private var checked: UInt64
    /// Why the files as they are now cannot be used; nil where they are in use.
    private var failure: String?
    /// The headers of every answer.
    private(set) var headers: [(name: Text, value: Text)] = []
    /// The settings of TLS that were read last, until somebody takes them.
    private var settings: OpaquePointer?

    /// Reads the file.
    init(path: String) throws(YAML.Malformed) {
        self.path = path
        config = try WebConfig(path: path)
        settings = try config.tls?.settings()
        auth = BasicAuth(users: config.users)
        bucket = Bucket(config.rateLimit)
        files = config.files
        checked = Clock.monotonic
        headers = config.headers.map { (Text($0.name), Text($0.value)) }
    }

    deinit { if let settings { tls_settings_free(settings) } }

    /// Whether the server speaks TLS. This stays as it was at the start.
    var isSecure: Bool { config.tls != nil }

    /// Hands over the settings of TLS that nobody has taken yet.
    func takeSettings() -> OpaquePointer? {
        defer { settings = nil }
        return settings
    }

    /// Looks, once a second at most, whether a file has changed, and if so reads all anew. Files that make no sense
    /// change nothing but a line in the log, and are tried again.
    func refresh() {
        let now = Clock.monotonic
        guard now - checked >= 1_000_000_000 else { return }
        checked = now
        var hasChanged = failure != nil
        for index in files.indices where files[index].refresh() { hasChanged = true }
        guard hasChanged else { return }
        do {
            try read()
            failure = nil
            Log.info("web config read anew: \(path)")
        } catch {
            let reason = "\(error)"
            if reason != failure { Log.warn("web config stays as it was: \(reason)") }
            failure = reason
        }
    }

    private func read() throws(YAML.Malformed) {
        let new = try WebConfig(path: path)
        guard (new.tls == nil) == (config.tls == nil) else {
            throw YAML.Malformed(file: path, line: 0, reason: "TLS is turned on or off by a restart only")
        }
        if let newSettings = try new.tls?.settings() {
            if let settings { tls_settings_free(settings) }
            settings = newSettings
        }
        if !new.users.elementsEqual(config.users, by: ==) { auth = BasicAuth(users: new.users, after: auth) }
        if new.rateLimit != config.rateLimit { bucket = Bucket(new.rateLimit) }
        headers = new.headers.map { (Text($0.name), Text($0.value)) }
        config = new
        files = new.files
    }

    /// Judges one request; nil lets it through.
    func refuse(_ request: http_request) -> Refusal? {
        guard bucket.take(at: Clock.monotonic) else { return .tooMany(seconds: 1) }
        guard !config.users.isEmpty else { return nil }
        switch auth.judge(request.authorization, peer: request.peer, clock: { Clock.monotonic }) {
        case .allowed: return nil
        case .denied: return .unauthorized
        case .later(let seconds): return .tooMany(seconds: seconds)
        }
    }
}
