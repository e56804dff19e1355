import Glibc
import Host

/// A cgroup of its own for one command, below `brahe` in the cgroup2 hierarchy.
struct Cgroup {
    /// The path below the cgroup2 root with its leading slash, as the agent's label has it.
    let path: String
    private let root: String

    private var directory: String { root + path }
    /// The file that a process writes itself into.
    var procs: String { directory + "/cgroup.procs" }

    /// Makes the cgroup; throws if there is no cgroup2 or no permission.
    init(root: String, name: String) throws(Failure) {
        self.root = root
        path = "/brahe/\(name)"
        for directory in [root + "/brahe", directory] {
            guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
                throw Failure(.configuration, "make the cgroup \(directory): \(errnoText())")
            }
        }
        // A plain directory can be made anywhere; only a cgroup has this file.
        guard access(procs, W_OK) == 0 else {
            let reason = errnoText()
            remove()
            throw Failure(.configuration, "use the cgroup \(directory): cgroup.procs: \(reason)")
        }
    }

    /// Removes the cgroup, or says in one line why it stays.
    func remove() {
        if rmdir(directory) != 0, errno != ENOENT {
            let reason = errnoText()
            let left = (try? Files.read(procs))?.split(separator: "\n").count ?? 0
            let why = left > 0 ? "\(left) processes of the command still run in it" : reason
            say("the cgroup \(directory) is left: \(why)")
        }
        // Fails, and shall, while another measurement has its cgroup there.
        rmdir(root + "/brahe")
    }

    /// Where cgroup2 is mounted, from the option `--cgroup`, else from /proc/self/mountinfo.
    static func root(_ options: Options) throws(Failure) -> String {
        if let given = options["--cgroup"] { return given }
        let mountinfo = try Files.read("/proc/self/mountinfo")
        for line in mountinfo.split(separator: "\n") {
            // Optional fields end with a lone dash: id parent dev root point options ... - type source options.
            let fields = line.split(separator: " ")
            guard fields.count > 5, let dash = fields.lastIndex(of: "-"), dash + 1 < fields.count,
                fields[dash + 1] == "cgroup2"
            else { continue }
            return String(fields[4])
        }
        throw Failure(.configuration, "find a cgroup2 mount in /proc/self/mountinfo: there is none")
    }
}
