import Attribution
import Testing

private let id = String(repeating: "0123456789abcdef", count: 4)
private let other = String(repeating: "f", count: 64)
/// A pod's UID as the API server writes it, and as systemd's driver does.
private let uid = "12345678-90ab-cdef-1234-567890abcdef"
private let pod = "pod12345678_90ab_cdef_1234_567890abcdef"
/// A static pod's.
private let hash = "0c1bf5f0b3eb7ad0f7ad5b6f2d1e3a49"

@Suite struct IdentityTests {
    /// A path, and what a container is told by it.
    struct Row: Sendable, CustomTestStringConvertible {
        let path: String
        let podUID: String
        let runtime: Runtime

        init(_ path: String, _ podUID: String, _ runtime: Runtime) {
            self.path = path
            self.podUID = podUID
            self.runtime = runtime
        }

        var testDescription: String { path }
    }

    /// Kubernetes: both drivers, all classes of service.
    static let pods = [
        // systemd, containerd.
        Row("/kubepods.slice/kubepods-\(pod).slice/cri-containerd-\(id).scope", uid, .containerd),
        Row(
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice/cri-containerd-\(id).scope",
            uid, .containerd),
        Row(
            "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-\(pod).slice/cri-containerd-\(id).scope",
            uid, .containerd),
        // systemd, CRI-O; crun makes a cgroup of its own in the scope.
        Row("/kubepods.slice/kubepods-\(pod).slice/crio-\(id).scope", uid, .crio),
        Row(
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice/crio-\(id).scope/container",
            uid, .crio),
        // systemd, Docker.
        Row(
            "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-\(pod).slice/docker-\(id).scope", uid,
            .docker),
        // cgroupfs: containerd and Docker leave the bare id.
        Row("/kubepods/pod\(uid)/\(id)", uid, .kubepods),
        Row("/kubepods/burstable/pod\(uid)/\(id)", uid, .kubepods),
        Row("/kubepods/besteffort/pod\(uid)/\(id)", uid, .kubepods),
        Row("/kubepods/burstable/pod\(uid)/crio-\(id)", uid, .crio),
        Row("/kubelet/kubepods/besteffort/pod\(uid)/\(id)", uid, .kubepods),
        // containerd with cgroupfs under a kubelet with systemd.
        Row("/kubepods-burstable-\(pod).slice:cri-containerd:\(id)", uid, .containerd),
        Row("/system.slice/containerd.service/kubepods-besteffort-\(pod).slice:cri-containerd:\(id)", uid, .containerd),
        Row("/system.slice/containerd.service/kubepods-\(pod).slice:cri-containerd:\(id)", uid, .containerd),
        Row("/kubepods-burstable-\(pod).slice:crio:\(id)", uid, .crio),
        // Static pods.
        Row(
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(hash).slice/cri-containerd-\(id).scope",
            hash, .containerd),
        Row("/kubepods/burstable/pod\(hash)/\(id)", hash, .kubepods),
        // Kata: the machine is in the container's cgroup.
        Row("/kubepods/burstable/pod\(uid)/kata_\(id)", uid, .kubepods),
        Row("/kubepods.slice/kubepods-\(pod).slice/cri-containerd-\(id).scope/vcpu0", uid, .containerd),
        Row("/kubepods/pod\(uid)/\(id)/machine/qemu-1-default_vm.libvirt-qemu/emulator", uid, .kubepods),
        Row("/kata_overhead/\(id)", "", .unknown),
        // A UID that is none is not made up.
        Row("/kubepods/burstable/pod1234/\(id)", "", .unknown),
        Row("/kubepods/podXYZ45678-90ab-cdef-1234-567890abcdef/\(id)", "", .unknown),
    ]

    /// Containers without Kubernetes.
    static let plain = [
        Row("/docker/\(id)", "", .docker),
        Row("/docker/\(id)/init.scope", "", .docker),
        Row("/docker/\(id)/system.slice/sshd.service", "", .docker),
        Row("/docker-\(id)", "", .docker),
        Row("/system.slice/docker-\(id).scope", "", .docker),
        Row("/user.slice/user-1000.slice/user@1000.service/user.slice/docker-\(id).scope", "", .docker),
        Row("/system.slice:docker:\(id)", "", .docker),
        Row("/ecs/6d1e1d2f8b7c4c6e9a3b5d7f90123456/\(id)", "", .docker),
        Row("/ecstasks.slice/ecstasks-6d1e1d2f8b7c4c6e9a3b5d7f90123456.slice/docker-\(id).scope", "", .docker),
        Row("/lxc/web/docker/\(id)", "", .docker),
        Row("/containerd/\(id)", "", .containerd),
        Row("/containerd-\(id)", "", .containerd),
        Row("/system.slice/nerdctl-\(id).scope", "", .containerd),
        Row("/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-\(id).scope", "", .containerd),
        Row("/system.slice/cri-containerd-\(id).scope", "", .containerd),
        Row("/crio-\(id)", "", .crio),
        Row("/system.slice/crio-\(id).scope", "", .crio),
        Row("/machine.slice/libpod-\(id).scope", "", .podman),
        Row("/machine.slice/libpod-\(id).scope/container", "", .podman),
        Row("/machine.slice/machine-libpod_pod_\(other).slice/libpod-\(id).scope/container", "", .podman),
        Row("/libpod_parent/libpod-\(id)", "", .podman),
        Row("/libpod_parent/\(other)/libpod-\(id)", "", .podman),
        Row("/system.slice/web.service/libpod-payload-\(id)", "", .podman),
        Row("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope/container", "", .podman),
        Row("/user.slice/user-1000.slice/user@1000.service/app.slice/web.service/libpod-payload-\(id)", "", .podman),
        Row("/\(id)", "", .unknown),
        Row("/default/\(id)", "", .unknown),
        Row("/system.slice/youki-\(id).scope", "", .unknown),
    ]

    /// Containers in containers: the deepest, and the pod nearest above it.
    static let nested = [
        Row(
            "/docker/\(other)/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
                + "kubelet-kubepods-besteffort-\(pod).slice/cri-containerd-\(id).scope", uid, .containerd),
        Row(
            "/system.slice/docker-\(other).scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-\(pod).slice/"
                + "cri-containerd-\(id).scope", uid, .containerd),
        Row("/docker/\(other)/kubelet/kubepods/burstable/pod\(uid)/\(id)", uid, .kubepods),
        Row("/kubepods/pod\(hash)/\(other)/kubepods/burstable/pod\(uid)/\(id)", uid, .kubepods),
        Row("/system.slice/docker-\(other).scope/docker/\(id)", "", .docker),
        Row("/kubepods/burstable/pod\(uid)/\(other)/docker/\(id)", uid, .docker),
        Row("/kubepods/burstable/pod\(uid)/\(other)/\(id)", uid, .unknown),
        // A monitor in a container is the container's.
        Row("/docker/\(id)/machine.slice/libpod-conmon-\(other).scope", "", .docker),
    ]

    @Test(arguments: pods + plain + nested) func aContainerIsToldByItsPath(row: Row) throws {
        guard case .container(let container) = Identity(path: row.path) else {
            Issue.record("\(Identity(path: row.path))")
            return
        }
        #expect(container.id == id)
        #expect(container.podUID == row.podUID)
        #expect(container.runtime == row.runtime)
    }

    @Test(
        arguments: [
            (#"/machine.slice/machine-qemu\x2d1\x2dweb.scope"#, "machine-qemu-1-web", "web"),
            (
                #"/machine.slice/machine-qemu\x2d12\x2dweb\x2d2.example.scope"#, "machine-qemu-12-web-2.example",
                "web-2.example"
            ),
            (
                #"/machine.slice/machine-qemu\x2d4\x2dinstance\x2d0000002a.scope/libvirt/emulator"#,
                "machine-qemu-4-instance-0000002a", "instance-0000002a"
            ),
            (#"/machine.slice/machine-qemu\x2d1\x2dweb.scope/libvirt/vcpu0"#, "machine-qemu-1-web", "web"),
            (#"/machine.slice/machine-qemu\x2d1\x2dweb.scope/emulator"#, "machine-qemu-1-web", "web"),
            (#"/production.slice/machine-qemu\x2d7\x2d42.scope"#, "machine-qemu-7-42", "42"),
            (
                #"/user.slice/user-1000.slice/user@1000.service/machine.slice/machine-qemu\x2dann\x2d1\x2dweb.scope"#,
                "machine-qemu-ann-1-web", "web"
            ),
            (#"/machine.slice/machine-qemu\x2dweb.scope"#, "machine-qemu-web", "web"),
            (#"/machine.slice/machine-ch\x2d3\x2dweb.scope"#, "machine-ch-3-web", "web"),
            ("/machine/qemu-1-web.libvirt-qemu", "machine-qemu-1-web", "web"),
            ("/machine/qemu-1-web.libvirt-qemu/vcpu3", "machine-qemu-1-web", "web"),
            ("/machine/production.partition/qemu-21-web.libvirt-qemu/emulator", "machine-qemu-21-web", "web"),
            ("/qemu.slice/100.scope", "100", "kvm-100"),
            (
                "/firecracker/551e7604-e35c-42b3-b825-416853441234", "551e7604-e35c-42b3-b825-416853441234",
                "kvm-551e7604"
            ),
        ] as [(String, String, String)])
    func aMachineIsToldByItsPath(path: String, id: String, name: String) {
        #expect(Identity(path: path) == .machine(Machine(id: id, name: name)))
    }

    @Test(arguments: [
        "/init.scope",
        "/system.slice",
        "/system.slice/kubelet.service",
        "/user.slice/user-1000.slice/session-1.scope",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice",
        "/kubepods/burstable/pod\(uid)",
        "/kubepods.slice/kubepods-\(pod).slice/crio-conmon-\(id).scope",
        "/machine.slice/libpod-conmon-\(id).scope",
        "/system.slice/web.service/runtime",
        // Podman's own pods, and what is beside libvirt's machines.
        "/machine.slice/machine-libpod_pod_\(id).slice",
        "/libpod_parent/\(id)",
        "/machine.slice",
        "/machine",
        "/firecracker",
        "/qemu.slice",
        "/qemu.slice/web.scope",
        "/system.slice/libvirtd.service",
        // Containers without an ID, which no metric of Kepler's knows.
        #"/machine.slice/machine-lxc\x2d1\x2dweb.scope"#,
        "/machine.slice/systemd-nspawn@web.service/payload",
        "/lxc.payload.web/init.scope",
        // No ID: one digit short, one too many, not hexadecimal, not lower case, in the middle of a name.
        "/docker/\(id.dropLast())",
        "/docker/\(id)0",
        "/docker/\(id.dropLast())g",
        "/docker/\(id.uppercased())",
        "/docker-\(id).mount",
        "/docker/\(id.dropLast())e\u{301}",
        #"/machine.slice/machine-qemu\x2d.scope"#,
        "//",
        ".scope",
        ".libvirt-qemu",
    ])
    func anythingElseIsTheSystemsByItsPath(path: String) {
        #expect(Identity(path: path) == .system(path))
    }

    @Test(arguments: ["/", ""]) func theRootIsTheKernel(path: String) {
        #expect(Identity(path: path) == .kernel)
    }

    @Test func aContainerIsTheSameWhateverElseItsPathTells() {
        let full = Identity(path: "/kubepods/pod\(uid)/\(id)")
        #expect(Set([full, Identity(path: "/kata_overhead/\(id)")]).count == 1)
        #expect(full != Identity(path: "/kubepods/pod\(uid)/\(other)"))
    }

    @Test func anyBytesAreSomeone() {
        var random = SplitMix64(seed: 7)
        let pieces = [
            "/", "/", "-", ":", ".scope", ".slice", "conmon", "crio-", "docker/", "libpod_parent/", "kata_", "pod",
            "pod" + uid, pod, "machine-qemu", #"\x2d"#, #"\x"#, ".libvirt-qemu", "firecracker/", "qemu.slice/", "7",
            id, other, "\0", "\r\n", "e\u{301}", "🜚",
        ]
        var containers = 0
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...10, using: &random) {
                if Int.random(in: 0..<8, using: &random) > 0 {
                    bytes.append(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8)
                } else {
                    bytes.append(.random(in: 0...255, using: &random))
                }
            }
            let path = String(decoding: bytes, as: UTF8.self)
            let components = path.utf8.split(separator: UInt8(ascii: "/"))
            switch Identity(path: path) {
            case .kernel: #expect(path.isEmpty || path == "/")
            case .container(let container):
                containers += 1
                #expect(container.id == id || container.id == other)
                // The last component that ends as a container's does is this one's, or a monitor's, or Podman's pod.
                let last = components.last {
                    $0.elementsEqual(container.id.utf8) || Self.ends($0, with: container.id)
                        || Self.ends($0, with: container.id + ".scope")
                }
                #expect(last != nil, "\(path)")
                #expect(["", uid].contains(container.podUID))
            case .machine(let machine): #expect(!machine.id.isEmpty && !machine.name.isEmpty)
            case .system(let same): #expect(same == path)
            }
        }
        #expect(containers > 500)
    }

    private static func ends(_ component: Substring.UTF8View, with suffix: String) -> Bool {
        component.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
