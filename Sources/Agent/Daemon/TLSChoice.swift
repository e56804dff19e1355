import CAgent

/// Versions, suites and groups that a TLS server offers, by Go's names for them, as GnuTLS wants them said.
struct TLSChoice {
    /// A version of TLS.
    enum Version: String, CaseIterable, Comparable {
        case tls10 = "TLS10"
        case tls11 = "TLS11"
        case tls12 = "TLS12"
        case tls13 = "TLS13"

        static func < (a: Version, b: Version) -> Bool { a.rawValue < b.rawValue }

        fileprivate var priority: String { "VERS-TLS1.\(rawValue.last ?? "3")" }
    }

    /// A suite: its IANA number, Go's name, and GnuTLS's names for the parts.
    struct Suite {
        let number: Int32
        let name: String
        /// Empty for suites of TLS 1.3.
        let exchange: String
        let cipher: String
        let mac: String
    }

    /// Why GnuTLS cannot do what is asked, and the key that asks for it.
    struct Impossible: Error {
        let key: String
        let reason: String
    }

    var least = Version.tls12
    var most = Version.tls13
    var prefersOwnOrder = true
    /// Empty is GnuTLS's own choice.
    var suites: [Suite] = []
    /// GnuTLS's names, in the order of preference; empty is its own choice.
    var groups: [String] = []

    /// The suites that Go holds for secure, and those with RSA key exchange that it did until 1.22.
    static let suites: [Suite] =
        [
            ("RSA", "ECDHE-RSA", 0xc013, 0xc014, 0xc02f, 0xc030, 0xcca8),
            ("ECDSA", "ECDHE-ECDSA", 0xc009, 0xc00a, 0xc02b, 0xc02c, 0xcca9),
        ]
        .flatMap {
            (key: String, exchange: String, cbc128: Int32, cbc256: Int32, gcm128: Int32, gcm256: Int32, chacha: Int32)
            in
            let name = "TLS_ECDHE_\(key)_WITH_"
            return [
                Suite(
                    number: cbc128, name: name + "AES_128_CBC_SHA", exchange: exchange, cipher: "AES-128-CBC",
                    mac: "SHA1"),
                Suite(
                    number: cbc256, name: name + "AES_256_CBC_SHA", exchange: exchange, cipher: "AES-256-CBC",
                    mac: "SHA1"),
                Suite(
                    number: gcm128, name: name + "AES_128_GCM_SHA256", exchange: exchange, cipher: "AES-128-GCM",
                    mac: "AEAD"),
                Suite(
                    number: gcm256, name: name + "AES_256_GCM_SHA384", exchange: exchange, cipher: "AES-256-GCM",
                    mac: "AEAD"),
                Suite(
                    number: chacha, name: name + "CHACHA20_POLY1305_SHA256", exchange: exchange,
                    cipher: "CHACHA20-POLY1305", mac: "AEAD"),
            ]
        } + [
            Suite(
                number: 0x002f, name: "TLS_RSA_WITH_AES_128_CBC_SHA", exchange: "RSA", cipher: "AES-128-CBC",
                mac: "SHA1"),
            Suite(
                number: 0x0035, name: "TLS_RSA_WITH_AES_256_CBC_SHA", exchange: "RSA", cipher: "AES-256-CBC",
                mac: "SHA1"),
            Suite(
                number: 0x009c, name: "TLS_RSA_WITH_AES_128_GCM_SHA256", exchange: "RSA", cipher: "AES-128-GCM",
                mac: "AEAD"),
            Suite(
                number: 0x009d, name: "TLS_RSA_WITH_AES_256_GCM_SHA384", exchange: "RSA", cipher: "AES-256-GCM",
                mac: "AEAD"),
            Suite(number: 0x1301, name: "TLS_AES_128_GCM_SHA256", exchange: "", cipher: "AES-128-GCM", mac: "AEAD"),
            Suite(number: 0x1302, name: "TLS_AES_256_GCM_SHA384", exchange: "", cipher: "AES-256-GCM", mac: "AEAD"),
            Suite(
                number: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256", exchange: "", cipher: "CHACHA20-POLY1305",
                mac: "AEAD"),
        ]

    /// Go's names for groups, and GnuTLS's.
    static let groups = [
        "CurveP256": "GROUP-SECP256R1", "CurveP384": "GROUP-SECP384R1", "CurveP521": "GROUP-SECP521R1",
        "X25519": "GROUP-X25519",
    ]

    /// The choice as a GnuTLS priority string, which has been seen to mean exactly that.
    func priority() throws(Impossible) -> String {
        guard least <= most else {
            throw Impossible(
                key: "min_version", reason: "min_version \(least.rawValue) is above max_version \(most.rawValue)")
        }
        let versions = Version.allCases.filter { (least...most).contains($0) }
        var words = ["NORMAL", "-VERS-ALL"] + versions.map { "+\($0.priority)" }
        if !suites.isEmpty {
            for (all, parts) in [
                ("-KX-ALL", suites.map { $0.exchange }), ("-CIPHER-ALL", suites.map { $0.cipher }),
                ("-MAC-ALL", suites.map { $0.mac }),
            ] {
                words.append(all)
                for part in parts where !part.isEmpty && !words.contains("+\(part)") { words.append("+\(part)") }
            }
        }
        if !groups.isEmpty { words += ["-GROUP-ALL"] + groups.map { "+\($0)" } }
        if prefersOwnOrder { words.append("%SERVER_PRECEDENCE") }
        let priority = words.joined(separator: ":")
        if !suites.isEmpty { try compare(priority, versions) }
        return priority
    }

    /// GnuTLS takes exchanges, ciphers and MACs and offers all of their combinations, which may be more than was named.
    private func compare(_ priority: String, _ versions: [Version]) throws(Impossible) {
        var enabled: [Int32] = []
        var place: UInt32 = 0
        while case let number = tls_priority_suite(priority, place), number != -1 {
            if number >= 0 { enabled.append(number) }
            place += 1
        }
        let wanted = suites.map { $0.number }
        if let extra = enabled.first(where: { $0 >> 8 != 0x13 && !wanted.contains($0) }) {
            let name = Self.suites.first { $0.number == extra }?.name ?? "0x\(String(extra, radix: 16))"
            throw Impossible(
                key: "cipher_suites", reason: "cipher_suites: GnuTLS cannot offer these without offering \(name)")
        }
        if let missing = suites.first(where: {
            !enabled.contains($0.number) && ($0.number >> 8 != 0x13 || most == .tls13)
        }) {
            throw Impossible(
                key: "cipher_suites", reason: "cipher_suites: GnuTLS does not offer \(missing.name) with these versions"
            )
        }
        if versions.contains(.tls13), !enabled.contains(where: { $0 >> 8 == 0x13 }) {
            throw Impossible(
                key: "cipher_suites",
                reason: "cipher_suites leave no cipher for TLS 1.3: name one, or set max_version: TLS12")
        }
    }
}
