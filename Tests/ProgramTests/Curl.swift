import Foundation
import Testing

/// One request made by the real curl.
struct Curl {
    /// The status; 0 where there was no answer.
    let status: Int
    /// The headers by name in small letters.
    let headers: [String: String]
    let body: Data
    /// What curl says went wrong.
    let complaint: String

    /// Asks for a URL with further arguments, for five seconds at most.
    init(_ url: String, _ arguments: [String] = []) throws {
        let folder = FileManager.default.temporaryDirectory
        let (head, content) = (folder.appending(path: "brahe-\(UUID())"), folder.appending(path: "brahe-\(UUID())"))
        defer { for file in [head, content] { try? FileManager.default.removeItem(at: file) } }
        let curl = try Running(
            "/usr/bin/curl",
            ["-sS", "-m", "5", "--globoff", "-D", head.path, "-o", content.path] + arguments + [url])
        _ = curl.wait()
        complaint = curl.errorText
        let lines = ((try? String(contentsOf: head, encoding: .utf8)) ?? "").split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let pairs = lines.dropFirst().compactMap { line -> (String, String)? in
            line.firstIndex(of: ":").map {
                (line[..<$0].lowercased(), line[$0...].dropFirst().trimmingCharacters(in: .whitespaces))
            }
        }
        headers = Dictionary(pairs) { "\($0), \($1)" }
        body = (try? Data(contentsOf: content)) ?? Data()
    }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A folder for a test's files, removed with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, in the place of an older one; its path.
    @discardableResult func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }

    /// The path of a file.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// An authority and certificates that openssl makes: `NAME.pem` and `NAME.key`.
final class Certificates: Sendable {
    let folder: Scratch

    /// Makes the authority `ca`.
    init() throws {
        folder = try Scratch()
        try openssl(
            [
                "req", "-x509", "-nodes", "-subj", "/CN=ca", "-days", "2", "-keyout", folder("ca.key"), "-out",
                folder("ca.pem"),
            ]
                + Self.curve)
    }

    private static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    /// Makes a certificate of the authority, over one of that name.
    func make(_ name: String, names: String, usage: String) throws {
        try folder.write("extensions", "subjectAltName=\(names)\nextendedKeyUsage=\(usage)\n")
        let new = folder("\(UUID())")
        try openssl(["req", "-nodes", "-subj", "/CN=\(name)", "-keyout", new, "-out", folder("request")] + Self.curve)
        try openssl([
            "x509", "-req", "-in", folder("request"), "-CA", folder("ca.pem"), "-CAkey", folder("ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", folder("extensions"), "-out", new + ".pem",
        ])
        // Into place as a rotation does it.
        guard rename(new, folder("\(name).key")) == 0, rename(new + ".pem", folder("\(name).pem")) == 0 else {
            throw Missing(what: "certificate \(name)")
        }
    }

    private func openssl(_ arguments: [String]) throws {
        let openssl = try Running("/usr/bin/openssl", arguments)
        guard openssl.wait() == 0 else { throw Missing(what: "openssl: \(openssl.errorText)") }
    }
}
