import CAgent
import Glibc
import YAML

/// The section `tls_server_config` of a web config file, with the contents of the files that it names.
struct TLSConfig {
    /// What is asked of clients, as Go's `tls.ClientAuthType` names it.
    enum ClientAuth: String {
        case none = "NoClientCert"
        case request = "RequestClientCert"
        case requireAny = "RequireAnyClientCert"
        case verifyIfGiven = "VerifyClientCertIfGiven"
        case requireAndVerify = "RequireAndVerifyClientCert"
    }

    /// The files that certificate, key and authorities came from, as they were before.
    private(set) var files: [FileStamp] = []
    private let section: Section
    /// Where each key of the section is.
    private var places: [String: YAML.Node] = [:]
    private var certificate: [UInt8]?
    private var key: [UInt8]?
    private var authorities: [UInt8]?
    private var clientAuth = ClientAuth.none
    private var allowedNames: [String] = []
    private var choice = TLSChoice()

    /// Reads the section; nil where it sets nothing that turns TLS on.
    init?(_ section: Section) throws(YAML.Malformed) {
        self.section = section
        for (key, value) in try section.entries() {
            places[key.text ?? ""] = key
            try read(key, value)
        }
        guard certificate != nil || key != nil || authorities != nil || clientAuth != .none else {
            if try section.entries().isEmpty { return nil }
            throw section.malformed(section.node, "tls_server_config without cert_file and key_file")
        }
        if certificate == nil { throw section.malformed(section.node, "missing one of cert or cert_file") }
        if key == nil { throw section.malformed(section.node, "missing one of key or key_file") }
        if authorities != nil, clientAuth == .none {
            throw malformed(["client_ca_file", "client_ca"], "client_ca_file without a client_auth_type that uses it")
        }
        if authorities == nil, clientAuth == .verifyIfGiven || clientAuth == .requireAndVerify {
            throw malformed(["client_auth_type"], "client_auth_type \(clientAuth.rawValue) needs a client_ca_file")
        }
        if !allowedNames.isEmpty, clientAuth != .requireAndVerify {
            throw malformed(
                ["client_allowed_sans"],
                "client_allowed_sans needs client_auth_type RequireAndVerifyClientCert: other names are anyone's")
        }
    }

    private mutating func read(_ key: YAML.Node, _ value: YAML.Node) throws(YAML.Malformed) {
        switch key.text {
        case "cert", "cert_file": certificate = try contents(key, value, instead: certificate)
        case "key", "key_file": self.key = try contents(key, value, instead: self.key)
        case "client_ca", "client_ca_file": authorities = try contents(key, value, instead: authorities)
        case "client_auth_type":
            let text = try section.text(key, value)
            // The second is what exporter-toolkit called it once.
            let name = text.isEmpty ? "NoClientCert" : text == "RequireClientCert" ? "RequireAnyClientCert" : text
            guard let type = ClientAuth(rawValue: name) else {
                throw section.malformed(
                    value, "client_auth_type \(text): not one of Go's, such as RequireAndVerifyClientCert")
            }
            clientAuth = type
        case "client_allowed_sans": allowedNames = try section.texts(key, value).map { $0.text }
        case "min_version": choice.least = try version(key, value)
        case "max_version": choice.most = try version(key, value)
        case "prefer_server_cipher_suites": choice.prefersOwnOrder = try section.truth(key, value)
        case "cipher_suites":
            for (name, node) in try section.texts(key, value) {
                guard let suite = TLSChoice.suites.first(where: { $0.name == name }) else {
                    throw section.malformed(node, "cipher suite \(name): not one of Go's secure ones")
                }
                choice.suites.append(suite)
            }
        case "curve_preferences":
            for (name, node) in try section.texts(key, value) {
                guard let group = TLSChoice.groups[name] else {
                    throw section.malformed(node, "curve \(name): not one of CurveP256, CurveP384, CurveP521, X25519")
                }
                choice.groups.append(group)
            }
        default: throw section.unknown(key)
        }
    }

    private func version(_ key: YAML.Node, _ value: YAML.Node) throws(YAML.Malformed) -> TLSChoice.Version {
        let text = try section.text(key, value)
        guard let version = TLSChoice.Version(rawValue: text) else {
            throw section.malformed(value, "\(key.text ?? "") \(text): not one of TLS10, TLS11, TLS12, TLS13")
        }
        return version
    }

    /// The text itself, or what is in the file that it names, relative to the config file.
    private mutating func contents(_ key: YAML.Node, _ value: YAML.Node, instead: [UInt8]?) throws(YAML.Malformed)
        -> [UInt8]?
    {
        let name = key.text ?? ""
        let text = try section.text(key, value)
        if text.isEmpty { return instead }
        if instead != nil { throw section.malformed(key, "\(name) is given both as a text and as a file") }
        guard name.hasSuffix("_file") else { return Array(text.utf8) }
        let folder = section.file.lastIndex(of: "/").map { section.file[...$0] } ?? ""
        let path = text.hasPrefix("/") ? text : folder + text
        files.append(FileStamp(path: path))
        do { return try SmallFile.read(path, limit: YAML.limit) } catch {
            throw section.malformed(value, "\(name) \(path): \(error.reason)")
        }
    }

    /// Hands all of this to GnuTLS; the settings are the caller's to free or to give to a server.
    func settings() throws(YAML.Malformed) -> OpaquePointer {
        guard let settings = tls_settings_new() else {
            throw section.malformed(section.node, String(cString: strerror(ENOMEM)))
        }
        do {
            try fill(settings)
        } catch {
            tls_settings_free(settings)
            throw error
        }
        return settings
    }

    private func fill(_ settings: OpaquePointer) throws(YAML.Malformed) {
        let (certificate, key) = (certificate ?? [], key ?? [])
        try check(
            tls_settings_set_certificate(settings, certificate, certificate.count, key, key.count),
            ["key_file", "key"], "certificate and key")
        if let authorities {
            try check(
                tls_settings_set_client_ca(settings, authorities, authorities.count), ["client_ca_file", "client_ca"],
                "client_ca_file")
        }
        let priority: String
        do { priority = try choice.priority() } catch { throw malformed([error.key], error.reason) }
        try check(
            tls_settings_set_priority(settings, priority), ["min_version", "max_version", "curve_preferences"],
            "GnuTLS priority \(priority)")
        for name in allowedNames where !tls_settings_allow_name(settings, name) {
            throw malformed(["client_allowed_sans"], String(cString: strerror(ENOMEM)))
        }
        tls_settings_set_client_auth(
            settings, clientAuth != .none, clientAuth == .requireAny || clientAuth == .requireAndVerify,
            clientAuth == .verifyIfGiven || clientAuth == .requireAndVerify)
    }

    private func check(_ result: Int32, _ keys: [String], _ what: String) throws(YAML.Malformed) {
        guard result != 0 else { return }
        throw malformed(keys, "\(what): \(String(cString: tls_error_text(result)))")
    }

    /// What is wrong with the first of these keys that is given, else with the section.
    private func malformed(_ keys: [String], _ reason: String) -> YAML.Malformed {
        section.malformed(keys.compactMap { places[$0] }.first ?? section.node, reason)
    }
}
