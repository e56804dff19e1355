/// A container of any runtime. Its id alone makes it the one it is: several cgroups may tell different amounts of it.
public struct Container: Hashable, Sendable {
    /// Its 64 hexadecimal digits.
    public let id: String
    /// The UID of its pod as the API server writes it, or a static pod's 32 digits; empty where the path has none.
    public let podUID: String
    /// Who runs it, as far as the path says.
    public let runtime: Runtime

    /// A container as given.
    public init(id: String, podUID: String, runtime: Runtime) {
        self.id = id
        self.podUID = podUID
        self.runtime = runtime
    }

    /// Whether both have the same id.
    public static func == (left: Container, right: Container) -> Bool { left.id == right.id }

    /// Hashes the id.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Who runs a container, in the words of Kepler's label `runtime`.
public enum Runtime: String, Sendable, CaseIterable {
    case docker, containerd, crio, podman
    /// A pod's container whose runtime the path does not tell: the kubelet's cgroupfs driver leaves the bare id.
    case kubepods
    case unknown
}

extension Container {
    private static let digits = 64

    /// The deepest container in a path, and the nearest pod at or above it.
    ///
    /// Shapes, with ID for 64 lower-case hexadecimal digits: `RUNTIME-ID.scope` and `RUNTIME-ID` (systemd and cgroupfs
    /// drivers; `cri-containerd`, `crio`, `docker`, `libpod`, `libpod-payload`, `nerdctl`), `SLICE:RUNTIME:ID` (a name
    /// for systemd's driver that was given to the other), `kata_ID`, and a bare `ID` (`/docker/ID`, `/kubepods/…/ID`).
    init?(path: [PathComponent]) {
        for depth in path.indices.reversed() {
            guard let (prefix, id) = Self.split(path[depth]) else { continue }
            let above = path[..<depth]
            // Podman's cgroupfs driver gives a pod of its own kind a bare id; its containers are below.
            if prefix.isEmpty, above.last?.isWord("libpod_parent") ?? false { continue }
            guard let named = Self.runtime(prefix) else { continue }
            let podUID = Self.podUID(prefix) ?? above.reversed().lazy.compactMap(Self.podUID).first ?? ""
            self.init(id: id.text, podUID: podUID, runtime: named == .unknown ? Self.runtime(above: above) : named)
            return
        }
        return nil
    }

    /// What stands before the id, and the id.
    private static func split(_ component: PathComponent) -> (prefix: PathComponent, id: PathComponent)? {
        let name = component.without(suffix: ".scope") ?? component
        guard name.count >= digits, name.suffix(digits).isHexadecimal else { return nil }
        return (name.dropLast(digits), name.suffix(digits))
    }

    /// The runtime that a prefix names, `unknown` for a word never seen; nil where it makes the cgroup no container's.
    private static func runtime(_ prefix: PathComponent) -> Runtime? {
        guard let last = prefix.last else { return .unknown }
        if prefix.isWord("kata_") { return .unknown }
        guard last == UInt8(ascii: "-") || last == UInt8(ascii: ":") else { return nil }
        let word = prefix.dropLast()
        // The monitors beside containers: `crio-conmon-ID.scope`, `libpod-conmon-ID.scope`.
        if word.without(suffix: "conmon") != nil { return nil }
        return runtime(word: word.split(separator: UInt8(ascii: ":")).last ?? word)
    }

    private static func runtime(word: PathComponent) -> Runtime {
        if word.isWord("docker") { return .docker }
        if word.isWord("cri-containerd") || word.isWord("containerd") || word.isWord("nerdctl") { return .containerd }
        if word.isWord("crio") { return .crio }
        if word.isWord("libpod") || word.isWord("libpod-payload") || word.isWord("podman") { return .podman }
        return .unknown
    }

    /// The runtime of a bare id, told from the nearest directory above it that says, up to the next container.
    private static func runtime(above path: ArraySlice<PathComponent>) -> Runtime {
        for component in path.reversed() {
            if podUID(component) != nil { return .kubepods }
            // Amazon ECS: `/ecs/TASK/ID`, of Docker.
            if component.isWord("ecs") { return .docker }
            let named = runtime(word: component)
            if named != .unknown { return named }
            if split(component) != nil { break }
        }
        return .unknown
    }

    /// The pod's UID in a component: `podUID`, or `…-podUID.slice` with underscores for dashes, as systemd takes a dash
    /// for a level (kubelet, pkg/kubelet/cm/cgroup_manager_linux.go); also before `:RUNTIME:`.
    private static func podUID(_ component: PathComponent) -> String? {
        let name = component.prefix { $0 != UInt8(ascii: ":") }
        if let slice = name.without(suffix: ".slice") {
            let last = slice.split(separator: UInt8(ascii: "-")).last ?? slice
            return last.without(prefix: "pod").flatMap { uid($0, separator: UInt8(ascii: "_")) }
        }
        return name.without(prefix: "pod").flatMap { uid($0, separator: UInt8(ascii: "-")) }
    }

    /// A UID of 8-4-4-4-12 digits, or a static pod's of 32: the kubelet takes the MD5 of the pod's manifest.
    private static func uid(_ bytes: PathComponent, separator: UInt8) -> String? {
        if bytes.count == 32, bytes.isHexadecimal { return bytes.text }
        let groups = bytes.split(separator: separator, omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12], groups.allSatisfy(\.isHexadecimal) else { return nil }
        return groups.map(\.text).joined(separator: "-")
    }
}
