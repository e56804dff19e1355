import CAgent
import Glibc

/// A BPF object in the kernel and its links; all of it goes when this value does.
package final class LoadedObject {
    private let object: OpaquePointer
    private var links: [OpaquePointer] = []

    /// Opens an object image, lets `prepare` set it up, and loads it.
    ///
    /// - Throws: `SchedProbe.Unavailable` with what the kernel refused and what it would need.
    package init(
        image: [UInt8], name: String, prepare: (OpenObject) throws(SystemError) -> Void
    ) throws(SchedProbe.Unavailable) {
        var options = bpf_object_open_opts()
        options.sz = MemoryLayout<bpf_object_open_opts>.size
        let opened = image.withUnsafeBytes { bytes in
            name.withCString { name in
                options.object_name = name
                return bpf_object__open_mem(bytes.baseAddress, bytes.count, &options)
            }
        }
        guard let opened else { throw .init(description: "\(SystemError("open the BPF object \(name)"))") }
        object = opened
        do { try prepare(OpenObject(object: opened)) } catch { throw .init(description: "\(error)") }
        guard bpf_object__load(opened) == 0 else { throw Self.refused(errno) }
    }

    deinit {
        for link in links { bpf_link__destroy(link) }
        bpf_object__close(object)
    }

    /// Keeps libbpf's own messages off standard error, where one line says it all; at level debug they show.
    static func hushLibbpf() {
        setLibbpfSink { level, line in
            // libbpf ends its lines itself.
            if level == 0 { Log.debug(String(cString: line).split(separator: "\n").joined(separator: " ")) }
        }
    }

    private static func refused(_ errno: Int32) -> SchedProbe.Unavailable {
        let needs =
            if errno == EPERM || errno == EACCES {
                "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"
            } else if !bpfMayReadKernel() {
                "the kernel lets no BPF program read its memory: needs lockdown=integrity or none, not confidentiality"
            } else {
                "needs Linux 5.12 or newer"
            }
        return .init(description: "\(SystemError("load the BPF probe", errno: errno)) (\(needs))")
    }

    /// The descriptor of a map.
    package func map(_ name: String) -> Int32 { bpf_object__find_map_fd_by_name(object, name) }

    /// The descriptor of a program.
    package func program(_ name: String) -> Int32 {
        bpf_object__find_program_by_name(object, name).map { bpf_program__fd($0) } ?? -1
    }

    /// Attaches programs where their sections say, in order.
    package func attach(_ programs: [String]) throws(SystemError) {
        for name in programs {
            guard let program = bpf_object__find_program_by_name(object, name), let link = bpf_program__attach(program)
            else { throw SystemError("attach the BPF program \(name)") }
            links.append(link)
        }
    }

    /// Detaches everything.
    package func detach() {
        for link in links { bpf_link__destroy(link) }
        links.removeAll()
    }
}

/// An object that is open but not loaded: the time to size its maps.
package struct OpenObject {
    fileprivate let object: OpaquePointer

    /// Gives a map another number of entries.
    package func resize(_ map: String, to entries: Int) throws(SystemError) {
        guard let found = bpf_object__find_map_by_name(object, map),
            bpf_map__set_max_entries(found, UInt32(entries)) == 0
        else { throw SystemError("size the BPF map \(map)") }
    }

    /// Sets the object's constants, its whole `.rodata`.
    package func setConstants<Constants: BitwiseCopyable>(_ constants: Constants) throws(SystemError) {
        guard let map = bpf_object__find_map_by_name(object, ".rodata"),
            withUnsafeBytes(of: constants, { bpf_map__set_initial_value(map, $0.baseAddress, $0.count) }) == 0
        else { throw SystemError("set the BPF object's constants") }
    }

    /// Keeps a program out of the kernel.
    package func leaveOut(_ program: String) throws(SystemError) {
        guard let found = bpf_object__find_program_by_name(object, program),
            bpf_program__set_autoload(found, false) == 0
        else { throw SystemError("leave out the BPF program \(program)") }
    }
}
