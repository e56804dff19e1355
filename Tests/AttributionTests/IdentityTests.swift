import Attribution
import Testing

@Suite struct IdentityTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let other = String(repeating: "f", count: 64)
    private static let pod = "pod12345678_90ab_cdef_1234_567890abcdef"

    @Test(arguments: [
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice/cri-containerd-\(id).scope",
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-\(pod).slice/cri-containerd-\(id).scope",
        "/kubepods.slice/kubepods-\(pod).slice/cri-containerd-\(id).scope",
        "/kubepods/burstable/pod12345678-90ab-cdef-1234-567890abcdef/\(id)",
        "/kubepods/besteffort/pod12345678-90ab-cdef-1234-567890abcdef/\(id)",
        "/kubepods/pod12345678-90ab-cdef-1234-567890abcdef/\(id)",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice/crio-\(id).scope",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice/crio-\(id).scope/container",
        "/kubepods-burstable-\(pod).slice:cri-containerd:\(id)",
        "/system.slice/containerd.service/kubepods-burstable-\(pod).slice:cri-containerd:\(id)",
        "/docker/\(id)",
        "/docker/\(id)/init.scope",
        "/docker/\(id)/system.slice/sshd.service",
        "/system.slice/docker-\(id).scope",
        "/machine.slice/libpod-\(id).scope",
        "/machine.slice/libpod-\(id).scope/container",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope/container",
        "/\(id)",
        // The deepest wins: kind runs Kubernetes in a container, and a monitor in a container is the container's.
        "/docker/\(other)/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-\(pod).slice/cri-containerd-\(id).scope",
        "/system.slice/docker-\(other).scope/docker/\(id)",
        "/docker/\(id)/machine.slice/libpod-conmon-\(other).scope",
    ])
    func aContainerIsToldByItsID(path: String) {
        #expect(Identity(path: path) == .container(Self.id))
    }

    @Test(arguments: [
        "/init.scope",
        "/system.slice",
        "/system.slice/kubelet.service",
        "/user.slice/user-1000.slice/session-1.scope",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-\(pod).slice",
        "/kubepods/burstable/pod12345678-90ab-cdef-1234-567890abcdef",
        "/kubepods.slice/kubepods-\(pod).slice/crio-conmon-\(id).scope",
        "/machine.slice/libpod-conmon-\(id).scope",
        // No ID: one digit short, one too many, not hexadecimal, not lower case, in the middle of a name.
        "/docker/\(id.dropLast())",
        "/docker/\(id)0",
        "/docker/\(id.dropLast())g",
        "/docker/\(id.uppercased())",
        "/docker-\(id).mount",
        "/docker/\(id.dropLast())e\u{301}",
        "//",
        ".scope",
    ])
    func anythingElseIsTheSystemsByItsPath(path: String) {
        #expect(Identity(path: path) == .system(path))
    }

    @Test(arguments: ["/", ""]) func theRootIsTheKernel(path: String) {
        #expect(Identity(path: path) == .kernel)
    }

    @Test func anyBytesAreSomeone() {
        var random = SplitMix64(seed: 7)
        let pieces = ["/", "-", ":", ".scope", "conmon", "crio-", Self.id, Self.other, "\0", "\r\n", "e\u{301}", "🜚"]
        for _ in 0..<5000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                if Bool.random(using: &random) {
                    bytes.append(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8)
                } else {
                    bytes.append(.random(in: 0...255, using: &random))
                }
            }
            let path = String(decoding: bytes, as: UTF8.self)
            switch Identity(path: path) {
            case .kernel: #expect(path.isEmpty || path == "/")
            case .container(let id): #expect(id == Self.id || id == Self.other)
            case .system(let same): #expect(same == path)
            }
        }
    }
}
