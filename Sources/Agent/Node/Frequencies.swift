import Glibc

/// How fast each CPU's clock runs, where the kernel's cpufreq tells: `scaling_cur_freq`, in kilohertz
/// (Documentation/admin-guide/pm/cpufreq.rst). Many virtual machines have no such file.
struct Frequencies: ~Copyable {
    /// A CPU's number and its frequency in kilohertz, as of the last `read`.
    typealias Entry = (cpu: UInt64, kilohertz: UInt64)

    /// The CPUs whose file could be read.
    private(set) var entries: [Entry] = []
    private let files: [(cpu: UInt64, descriptor: Int32)]

    /// Keeps the files of so many CPUs under the sysfs root open.
    init(sysfs: String, cpus: Int) {
        var files: [(cpu: UInt64, descriptor: Int32)] = []
        for cpu in 0..<cpus {
            let descriptor = open(
                "\(sysfs)/devices/system/cpu/cpu\(cpu)/cpufreq/scaling_cur_freq", O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 { files.append((UInt64(cpu), descriptor)) }
        }
        self.files = files
    }

    deinit { for file in files { close(file.descriptor) } }

    /// Reads all anew; a CPU that is offline is left out. Allocates nothing once the list has grown.
    mutating func read() {
        entries.removeAll(keepingCapacity: true)
        for file in files {
            if let kilohertz = DecimalFile.read(file.descriptor) { entries.append((file.cpu, kilohertz)) }
        }
    }

    /// The mean of all CPUs in kilohertz; nil where none tells.
    var mean: UInt64? {
        guard !entries.isEmpty else { return nil }
        var sum: UInt64 = 0
        for entry in entries { sum += entry.kilohertz }
        return sum / UInt64(entries.count)
    }
}
