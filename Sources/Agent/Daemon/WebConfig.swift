import CAgent
import Glibc
import YAML

/// What a web config file asks for: the file that Prometheus exporters take as `--web.config.file`, with the keys and
/// defaults of exporter-toolkit's `docs/web-configuration.md`.
struct WebConfig {
    /// How often requests may come: a bucket of `burst`, filled by one each `interval` nanoseconds.
    struct RateLimit: Equatable {
        let interval: UInt64
        let burst: UInt64
    }

    /// Speaks TLS with these; nil without TLS.
    private(set) var tls: TLSConfig?
    /// Headers of every answer.
    private(set) var headers: [(name: String, value: String)] = []
    /// Who may come in, with a bcrypt hash each; empty lets everyone in.
    private(set) var users: [(name: String, hash: String)] = []
    /// nil without a limit.
    private(set) var rateLimit: RateLimit?
    /// All files that this was read from, as they were before.
    private(set) var files: [FileStamp]

    /// Reads a file and those that it names.
    init(path: String) throws(YAML.Malformed) {
        files = [FileStamp(path: path)]
        let root = Section(file: path, name: "the file", node: try YAML.parse(file: path))
        for (key, value) in try root.entries() {
            let section = Section(file: path, name: key.text ?? "", node: value)
            switch key.text {
            case "tls_server_config":
                tls = try TLSConfig(section)
                files += tls?.files ?? []
            case "http_server_config": try readHTTP(section)
            case "basic_auth_users": try readUsers(section)
            case "rate_limit": try readRateLimit(section)
            default: throw root.unknown(key)
            }
        }
    }

    private mutating func readHTTP(_ section: Section) throws(YAML.Malformed) {
        for (key, value) in try section.entries() {
            switch key.text {
            // We speak HTTP/1.1, which is what a client that can do both falls back to.
            case "http2": _ = try section.truth(key, value)
            case "headers":
                let list = Section(file: section.file, name: "headers", node: value)
                for (name, value) in try list.entries() { try readHeader(list, name, value) }
            default: throw section.unknown(key)
            }
        }
    }

    private mutating func readHeader(_ section: Section, _ key: YAML.Node, _ node: YAML.Node) throws(YAML.Malformed) {
        let name = key.text ?? ""
        let value = try section.text(key, node)
        switch name {
        case "Strict-Transport-Security", "X-XSS-Protection", "Content-Security-Policy": break
        case "X-Content-Type-Options":
            guard value == "nosniff" else { throw section.malformed(node, "\(name) \"\(value)\": not nosniff") }
        case "X-Frame-Options":
            guard value == "deny" || value == "sameorigin" else {
                throw section.malformed(node, "\(name) \"\(value)\": not deny or sameorigin")
            }
        default: throw section.malformed(key, "HTTP header \(name) can not be configured")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw section.malformed(node, "\(name): a control character")
        }
        // exporter-toolkit too takes a blank one for not set.
        if !value.isEmpty { headers.append((name, value)) }
    }

    private mutating func readUsers(_ section: Section) throws(YAML.Malformed) {
        for (key, value) in try section.entries() {
            let name = key.text ?? ""
            let hash = try section.text(key, value)
            guard !name.isEmpty, !name.contains(":") else {
                throw section.malformed(key, "user \"\(name)\": no name that basic authentication can carry")
            }
            guard let cost = Self.bcryptCost(hash) else {
                throw section.malformed(value, "user \(name): not a bcrypt hash ($2a$, $2b$ or $2y$)")
            }
            // The thread that checks is the one that samples: this is about a second.
            guard cost <= 14 else {
                throw section.malformed(
                    value, "user \(name): bcrypt cost \(cost) would hold up the samples, 14 is the most")
            }
            users.append((name, hash))
        }
    }

    private mutating func readRateLimit(_ section: Section) throws(YAML.Malformed) {
        var interval: UInt64 = 0
        var burst: UInt64 = 0
        for (key, value) in try section.entries() {
            let text = try section.text(key, value)
            switch key.text {
            case "interval":
                guard let time = Self.duration(text) else {
                    throw section.malformed(value, "interval \"\(text)\": not a time such as 100ms or 1m30s")
                }
                interval = time
            case "burst":
                guard let count = UInt32(text) else {
                    throw section.malformed(value, "burst \"\(text)\": not a number")
                }
                burst = UInt64(count)
            default: throw section.unknown(key)
            }
        }
        if interval > 0 { rateLimit = RateLimit(interval: interval, burst: burst) }
    }

    /// The cost in a bcrypt hash, the logarithm of its rounds: `$2y$10$` and 53 characters. Nil where it is none.
    static func bcryptCost(_ hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
            let cost = Int(parts[2]), (4...31).contains(cost), parts[3].utf8.count == 53,
            parts[3].utf8.allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: ".")...UInt8(ascii: "9")).contains($0)
            })
        else { return nil }
        return cost
    }

    /// Nanoseconds of a duration as Go writes one: `1.5s`, `1m30s`.
    static func duration(_ text: String) -> UInt64? {
        if text == "0" { return 0 }
        let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        var total = 0.0
        var rest = text[...]
        repeat {
            let number = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { !($0 == "." || ("0"..."9").contains($0)) }
            rest = rest.dropFirst(name.count)
            guard let count = Double(number), let unit = units.first(where: { $0.0 == name }) else { return nil }
            total += count * unit.1
        } while !rest.isEmpty
        return total < 1e18 ? UInt64(total.rounded()) : nil
    }
}

/// A mapping of the web config file, whose errors name the line.
struct Section {
    let file: String
    let name: String
    let node: YAML.Node

    /// The mapping's entries; a key without a value has none.
    func entries() throws(YAML.Malformed) -> [(key: YAML.Node, value: YAML.Node)] {
        if node.text == "" { return [] }
        guard case .mapping(let entries) = node.value else { throw malformed(node, "\(name): not a mapping") }
        return entries
    }

    func text(_ key: YAML.Node, _ value: YAML.Node) throws(YAML.Malformed) -> String {
        guard let text = value.text else { throw malformed(value, "\(key.text ?? ""): not a text") }
        return text
    }

    func truth(_ key: YAML.Node, _ value: YAML.Node) throws(YAML.Malformed) -> Bool {
        switch value.text {
        case "true": return true
        case "false": return false
        default: throw malformed(value, "\(key.text ?? ""): not true or false")
        }
    }

    func texts(_ key: YAML.Node, _ value: YAML.Node) throws(YAML.Malformed) -> [(text: String, node: YAML.Node)] {
        if value.text == "" { return [] }
        guard case .sequence(let items) = value.value else { throw malformed(value, "\(key.text ?? ""): not a list") }
        var texts: [(text: String, node: YAML.Node)] = []
        for item in items { texts.append((try text(key, item), item)) }
        return texts
    }

    func unknown(_ key: YAML.Node) -> YAML.Malformed { malformed(key, "unknown key \(key.text ?? "") in \(name)") }

    func malformed(_ node: YAML.Node, _ reason: String) -> YAML.Malformed {
        YAML.Malformed(file: file, line: node.line, reason: reason)
    }
}
