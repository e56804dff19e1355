import Foundation
import Glibc
import Host

/// The container image as `deploy/image/pack` makes it of the release build.
struct ImageUnderTest {
    /// The OCI archive.
    let archive: String
    /// Its name and version.
    let name: String
    /// What identifies its every byte.
    let digest: String
    /// What a runtime takes from it.
    let config: Config
    /// Its root file system, as a folder.
    let root: String

    /// The part of an image's configuration that says how it runs.
    struct Config: Decodable, Equatable {
        struct Values: Decodable, Equatable {
            let user: String
            let entrypoint: [String]
            let exposedPorts: [String: [String: String]]
            let labels: [String: String]

            private enum CodingKeys: String, CodingKey {
                case user = "User"
                case entrypoint = "Entrypoint"
                case exposedPorts = "ExposedPorts"
                case labels = "Labels"
            }
        }
        let config: Values
    }

    /// What is packed.
    static let agent = Here.checkout + "/.build/release/brahe-agent"
    /// Where it is packed by default.
    static let folder = Here.checkout + "/.build/image"

    /// Whether it can be made here: the agent is built for release, and what makes images is installed.
    static var canBeMade: Bool {
        geteuid() == 0 && access(agent, X_OK) == 0
            && ["debootstrap", "buildah", "containerd", "runc", "jq"].allSatisfy { Tool([$0]).isThere }
    }

    /// The one that the tests share.
    static func shared() throws -> ImageUnderTest { try packed.get() }
    private static let packed = Result { try ImageUnderTest() }

    /// Packs it: Debian is fetched the first time, which takes a minute.
    init(_ agent: String = agent, environment: [String] = []) throws {
        let pack = try Tool(["env"] + environment + [Here.checkout + "/deploy/image/pack", agent, Self.folder])
            .run(within: 600_000)
        guard pack.code == 0 else { throw Missing(what: "the image: \(pack.lastWords)") }
        archive = Self.folder + "/brahe-agent.oci.tar"
        root = Self.folder + "/root"
        let index = try Self.read(Index.self, "index.json")
        guard let entry = index.manifests.first, index.manifests.count == 1 else { throw Missing(what: "one image") }
        digest = entry.digest
        name = entry.annotations?["org.opencontainers.image.ref.name"] ?? ""
        let manifest = try Self.read(Manifest.self, Self.blob(digest))
        config = try Self.read(Config.self, Self.blob(manifest.config.digest))
    }

    private struct Reference: Decodable {
        let digest: String
        let annotations: [String: String]?
    }
    private struct Index: Decodable { let manifests: [Reference] }
    private struct Manifest: Decodable { let config: Reference }

    private static func blob(_ digest: String) -> String { "blobs/" + digest.replacing(":", with: "/") }

    private static func read<Document: Decodable>(_ type: Document.Type, _ file: String) throws -> Document {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: "\(folder)/oci/\(file)")))
    }
}
