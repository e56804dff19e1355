internal import Glibc
package import Host

/// Who asks an agent or a Prometheus, and whom to trust.
///
/// It names the files of the secrets and holds none, so it may be kept with a run; they are read for each request, for
/// tokens are renewed.
package struct Credentials: Codable, Equatable, Sendable {
    /// PEM files: the authorities that are trusted instead of the system's, our certificate, its key.
    package var caFile: String?
    package var certFile: String?
    package var keyFile: String?
    /// Take any certificate of the server's.
    package var insecure: Bool?
    /// For basic authentication; the password is the first line of its file.
    package var user: String?
    package var passwordFile: String?
    /// The file whose first line is a bearer token.
    package var tokenFile: String?
    /// The file whose lines are more headers, `Name: value`.
    package var headerFile: String?

    /// Nobody in particular, who trusts whom the system trusts.
    package init() {}

    /// Throws what makes no sense together.
    package func check() throws(Failure) {
        if user != nil, tokenFile != nil { throw Failure(.usage, "a user and a token exclude each other") }
        if (user == nil) != (passwordFile == nil) {
            throw Failure(.usage, "a user and a password file belong together")
        }
        if (certFile == nil) != (keyFile == nil) { throw Failure(.usage, "a certificate and a key belong together") }
        if insecure == true, caFile != nil { throw Failure(.usage, "insecure trusts anyone, a CA file only its own") }
        if let user, user.contains(":") { throw Failure(.usage, "a user's name has no colon") }
        for file in [caFile, certFile, keyFile, passwordFile, tokenFile, headerFile].compactMap(\.self) {
            guard access(file, R_OK) == 0 else { throw Failure(.configuration, "open \(file): \(errnoText())") }
        }
    }

    /// Adds all of it to a request; throws a file that cannot be read or makes no sense, and shows nothing of it.
    func add(to request: inout HTTPRequest) throws(Failure) {
        request.access.caFile = caFile
        request.access.certFile = certFile
        request.access.keyFile = keyFile
        request.access.isInsecure = insecure ?? false
        if let user {
            request.access.user = user
            request.access.password = try passwordFile.map { path throws(Failure) in try Self.secret(path) }
        }
        if let tokenFile { request.headers.append(("Authorization", "Bearer \(try Self.secret(tokenFile))")) }
        guard let headerFile else { return }
        let lines = try Files.read(headerFile).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: \.isWhitespace) else {
                throw Failure(.configuration, "read \(headerFile):\(index + 1): not a header like Name: value")
            }
            request.headers.append((String(parts[0]), String(parts[1].drop { $0 == " " || $0 == "\t" })))
        }
    }

    private static func secret(_ path: String) throws(Failure) -> String {
        let line = try Files.read(path).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).first ?? ""
        guard !line.isEmpty else { throw Failure(.configuration, "read \(path): its first line is empty") }
        return String(line)
    }
}
