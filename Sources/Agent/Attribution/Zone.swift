/// A RAPL domain: what is metered, and for which CPUs.
public struct Zone: Equatable, Sendable {
    /// What the zone meters. `core` and `uncore` lie within `package`; `psys` holds the packages, the memory and more,
    /// and `other` is that more: a node's energy is `package` + `dram` + `other`.
    public enum Kind: String, CaseIterable, Sendable {
        case package, core, uncore, dram, psys, other
    }

    /// What the zone meters.
    public let kind: Kind
    /// The socket's number, as a label: `0`, or `0-die-1` where a socket has several dies.
    public let package: String
    /// The CPU domains whose work the zone's energy is divided among; indices into `Topology.domains`.
    public let domains: Range<Int>

    /// What people call the zone: `package-0`, `dram-1`, and `psys` for what there is one of.
    public var name: String { kind == .psys || kind == .other ? kind.rawValue : "\(kind.rawValue)-\(package)" }

    /// A zone of `kind` on `package`, spent by what runs on `domains`.
    public init(kind: Kind, package: String, domains: Range<Int>) {
        self.kind = kind
        self.package = package
        self.domains = domains
    }

    /// Reads a zone's `name` file: `package-N`, `package-N-die-M`, `core`, `uncore`, `dram` or `psys`.
    ///
    /// - Parameters:
    ///   - name: the zone's name.
    ///   - parent: the name of the zone around it, which says whose `core` or `dram` it is.
    ///   - topology: where the packages' CPUs are. A package it does not know is spent by all CPUs.
    /// - Returns: nil for a name that no kernel of today gives.
    public init?(name: String, parent: String?, topology: Topology) {
        let isPackage = name.hasPrefix("package-")
        guard let kind = isPackage ? .package : Kind(rawValue: name), isPackage == (kind == .package), kind != .other
        else {
            return nil
        }
        let owner = isPackage ? name : (parent?.hasPrefix("package-") == true ? parent : nil)
        guard kind != .psys, let owner else {
            self.init(kind: kind, package: "0", domains: topology.domains.indices)
            return
        }
        let label = String(owner.dropFirst("package-".count))
        self.init(kind: kind, package: label, domains: topology.domains(ofPackage: label))
    }
}
