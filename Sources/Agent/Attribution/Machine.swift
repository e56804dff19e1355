/// A virtual machine. Whatever a cgroup path shows runs on KVM.
public struct Machine: Hashable, Sendable {
    /// Kepler 0.9's `vm_id` for libvirt's machines, `machine-qemu-1-NAME`; what names the cgroup for others.
    public let id: String
    /// The domain's name; where the path has none, `kvm-` and the first eight bytes of the id, as Kepler does.
    public let name: String

    /// A machine as given.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// The deepest machine in a path.
    ///
    /// Shapes: libvirt's `machine-qemu\x2d1\x2dNAME.scope` with systemd's escapes, its `qemu-1-NAME.libvirt-qemu` where
    /// there is no systemd (libvirt, docs/cgroups.rst; `ch` for Cloud Hypervisor), Proxmox' `/qemu.slice/100.scope`,
    /// and Firecracker's `/firecracker/ID`.
    init?(path: [PathComponent]) {
        for depth in path.indices.reversed() {
            let above = depth > 0 ? path[depth - 1] : []
            if let machine = Self(path[depth], in: above) {
                self = machine
                return
            }
        }
        return nil
    }

    private init?(_ component: PathComponent, in above: PathComponent) {
        for driver in ["qemu", "ch"] {
            let scope = component.without(suffix: ".scope")?.unescaped
            let partition = component.without(suffix: ".libvirt-\(driver)")
            guard let name = scope?.without(prefix: "machine-") ?? partition else { continue }
            if let domain = name.without(prefix: "\(driver)-"), !domain.isEmpty {
                self.init(id: "machine-\(name.text)", name: Self.domain(domain).text)
                return
            }
        }
        if above.isWord("qemu.slice"), let number = component.without(suffix: ".scope"), number.isDecimal {
            self.init(id: number.text, name: "kvm-\(number.prefix(8).text)")
            return
        }
        if above.isWord("firecracker") {
            self.init(id: component.text, name: "kvm-\(component.prefix(8).text)")
            return
        }
        return nil
    }

    /// The domain's name in `NUMBER-NAME`; a user's own libvirt puts the user before the number, an embedded one a
    /// hash (virDomainDriverGenerateMachineName).
    private static func domain(_ bytes: PathComponent) -> PathComponent {
        var rest = bytes
        while let dash = rest.firstIndex(of: UInt8(ascii: "-")) {
            let word = rest[..<dash]
            rest = rest[(dash + 1)...]
            if word.isDecimal { return rest }
        }
        return bytes
    }
}

extension PathComponent {
    /// The bytes with systemd's escapes `\xNN` undone (systemd-escape(1)); anything else stays.
    fileprivate var unescaped: PathComponent {
        var plain: [UInt8] = []
        var rest = self
        while let byte = rest.first {
            if let code = rest.without(prefix: "\\x")?.prefix(2), code.count == 2,
                let value = UInt8(code.text, radix: 16)
            {
                plain.append(value)
                rest = rest.dropFirst(4)
            } else {
                plain.append(byte)
                rest = rest.dropFirst()
            }
        }
        return plain[...]
    }
}
