internal import Cluster
internal import Deployment
internal import Documents
internal import Host

extension Parts {
    /// The benchmark's manifest with the run's label, and the SHA-256 of the bytes it was read from; nil if a command is
    /// all of the load.
    ///
    /// What others can change at any time is not run in a cluster: an address must have a digest that fits, or name the
    /// commit, unless it is taken unpinned on request.
    func benchmark() throws(Failure) -> (manifest: Manifest, sha256: String)? {
        guard let benchmark = request.benchmark, let place = benchmark.manifest else { return nil }
        let isRemote = Self.isRemote(place)
        let text = isRemote ? try Self.fetch(place) : try Files.read(place)
        let digest = Files.sha256(text)
        if let wanted = benchmark.sha256 {
            guard digest == wanted.lowercased() else {
                throw Failure(
                    .configuration, "read the benchmark \(place): its SHA-256 is \(digest) and should be \(wanted)")
            }
        } else if isRemote, !benchmark.unpinned, !Self.namesCommit(place) {
            throw Failure(
                .configuration,
                "read the benchmark \(place): nothing pins it; give its sha256 (now \(digest)), or an address with a commit"
            )
        }
        let manifest = try Manifest.checked(
            [.init(path: place, text: text)], run: request.run, namespace: request.cluster.namespace)
        return (manifest, digest)
    }

    /// Whether a benchmark's manifest is an address and not a file.
    static func isRemote(_ place: String) -> Bool { place.hasPrefix("https://") || place.hasPrefix("http://") }

    private static func fetch(_ address: String) throws(Failure) -> String {
        var request = HTTPRequest("GET", address)
        request.follow = true
        request.proxy = true
        request.timeoutMilliseconds = 30_000
        let answer = request.answer()
        guard answer.status == 200 else {
            throw Failure(.configuration, "GET the benchmark \(address): \(answer.reason)")
        }
        return answer.body
    }

    /// Whether a part of the address between slashes is the 40 hexadecimal digits of a commit.
    static func namesCommit(_ address: String) -> Bool {
        address.split(separator: "/").contains { $0.count == 40 && $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}
