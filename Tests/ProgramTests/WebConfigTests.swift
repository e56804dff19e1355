import Foundation
import Testing
import YAML

@testable import Agent

/// What of a web config file is refused, with the line.
@Suite struct WebConfigTests {
    private static let pair = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
    private static let certificates = Result {
        let certificates = try Certificates()
        try certificates.make("server", names: "DNS:a", usage: "serverAuth")
        try certificates.make("other", names: "DNS:a", usage: "serverAuth")
        return certificates
    }

    private func complaint(_ text: String) throws -> String {
        let folder = try Self.certificates.get().folder
        let path = try folder.write("\(UUID()).yml", text)
        let error = #expect(throws: YAML.Malformed.self) { try WebAccess(path: path) }
        return error?.description.replacingOccurrences(of: "\(path):", with: "")
            .replacingOccurrences(of: folder.path + "/", with: "") ?? ""
    }

    @Test(
        arguments: [
            ("tls_config: {}", "1: unknown key tls_config in the file"),
            ("tls_server_config:\n  cert: x\n  certfile: y", "3: unknown key certfile in tls_server_config"),
            ("http_server_config:\n  http2: maybe", "2: http2: not true or false"),
            ("http_server_config:\n  headers:\n    Server: x", "3: HTTP header Server can not be configured"),
            (
                "http_server_config:\n  headers: {X-Frame-Options: none}",
                "2: X-Frame-Options \"none\": not deny or sameorigin"
            ),
            ("basic_auth_users: [alice]", "1: basic_auth_users: not a mapping"),
            ("basic_auth_users:\n  alice: secret", "2: user alice: not a bcrypt hash ($2a$, $2b$ or $2y$)"),
            (
                "basic_auth_users:\n  a: $2y$31$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u",
                "2: user a: bcrypt cost 31 would hold up the samples, 14 is the most"
            ),
            ("rate_limit:\n  interval: soon", "2: interval \"soon\": not a time such as 100ms or 1m30s"),
            ("tls_server_config:\n  cert_file: none.pem", "2: cert_file none.pem: No such file or directory"),
            ("tls_server_config:\n  cert_file: server.pem", "2: missing one of key or key_file"),
            ("tls_server_config:\n  min_version: TLS12", "2: tls_server_config without cert_file and key_file"),
            (
                "tls_server_config:\n  cert_file: server.pem\n  key_file: other.key",
                "3: certificate and key: The certificate and the given key do not match."
            ),
            (
                pair + "  client_auth_type: Any",
                "4: client_auth_type Any: not one of Go's, such as RequireAndVerifyClientCert"
            ),
            (pair + "  client_ca_file: ca.pem", "4: client_ca_file without a client_auth_type that uses it"),
            (
                pair + "  client_auth_type: VerifyClientCertIfGiven",
                "4: client_auth_type VerifyClientCertIfGiven needs a client_ca_file"
            ),
            (
                pair + "  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [a]",
                "5: client_allowed_sans needs client_auth_type RequireAndVerifyClientCert: other names are anyone's"
            ),
            (
                pair + "  client_ca_file: server.key\n  client_auth_type: VerifyClientCertIfGiven",
                "4: client_ca_file: No certificate was found."
            ),
            (pair + "  min_version: SSL30", "4: min_version SSL30: not one of TLS10, TLS11, TLS12, TLS13"),
            (pair + "  min_version: TLS13\n  max_version: TLS12", "4: min_version TLS13 is above max_version TLS12"),
            (pair + "  curve_preferences: [P256]", "4: curve P256: not one of CurveP256, CurveP384, CurveP521, X25519"),
            (
                pair + "  cipher_suites:\n    - TLS_RSA_WITH_RC4_128_SHA",
                "5: cipher suite TLS_RSA_WITH_RC4_128_SHA: not one of Go's secure ones"
            ),
            (
                pair + "  cipher_suites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"
                    + "  - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "4: cipher_suites: GnuTLS cannot offer these without offering TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
            ),
            (
                pair + "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]",
                "4: cipher_suites leave no cipher for TLS 1.3: name one, or set max_version: TLS12"
            ),
        ] as [(String, String)])
    func whatCannotBeDoneIsRefusedWithItsLine(text: String, reason: String) throws {
        #expect(try complaint(text) == reason)
    }

    @Test(
        arguments: [
            ("a: 1\nb: 2\na: 3", "3: a is given twice, first on line 1"),
            ("a: &x 1", "1: an anchor: write the value out where it is needed"),
            ("a: *x", "1: an alias: write the value out"), ("a: !!str 1", "1: a tag: write the value alone"),
            ("a: 1\n---\nb: 1", "2: a second document"), ("[1]: 2", "1: a key that is not a word"),
            ("a: \"\\0\"", "1: a NUL character"), ("\n- 1", "2: the file: not a mapping"),
            ("a: [1", "2: did not find expected ',' or ']'"),
            (String(repeating: "[", count: 40), "1: nested deeper than 32 levels"),
        ] as [(String, String)])
    func whatIsNoPlainYAMLIsRefusedWithItsLine(text: String, reason: String) throws {
        #expect(try complaint(text) == reason)
    }

    @Test func anInlinePairAndEmptySectionsAreFine() throws {
        let folder = try Self.certificates.get().folder
        func inline(_ name: String) throws -> String {
            try String(contentsOfFile: folder(name), encoding: .utf8).split(separator: "\n")
                .map { "    \($0)\n" }.joined()
        }
        let text = "tls_server_config:\n  cert: |\n\(try inline("server.pem"))  key: |\n\(try inline("server.key"))"
        #expect(try WebAccess(path: folder.write("inline.yml", text)).isSecure)
        for text in ["", "# nothing\n", "tls_server_config:\nhttp_server_config:\nbasic_auth_users: {}\n"] {
            #expect(try !WebAccess(path: folder.write("empty.yml", text)).isSecure)
        }
    }

    @Test(
        arguments: [("0", 0), ("1s", 1_000_000_000), ("1m30s", 90_000_000_000), ("1.5ms", 1_500_000)]
            as [(String, UInt64)])
    func durationsAreGosOwn(text: String, nanoseconds: UInt64) { #expect(WebConfig.duration(text) == nanoseconds) }
}
