package import Attribution

extension Topology {
    /// Reads which CPU is on which die from `devices/system/cpu` under the sysfs root.
    package init(sysfs: String) {
        let root = sysfs + "/devices/system/cpu"
        var places: [Domain?] = []
        for entry in Directory.entries(root) ?? [] {
            // No kernel is built for more CPUs than 8192 (CONFIG_NR_CPUS).
            guard entry.name.hasPrefix("cpu"), let cpu = Int(entry.name.dropFirst(3)), (0..<8192).contains(cpu)
            else { continue }
            while places.count <= cpu { places.append(nil) }
            let files = "\(root)/\(entry.name)/topology/"
            // A CPU that is offline has no topology directory.
            guard let package = DecimalFile.read(files + "physical_package_id") else { continue }
            let die = DecimalFile.read(files + "die_id") ?? 0
            places[cpu] = Domain(package: Int(truncatingIfNeeded: package), die: Int(truncatingIfNeeded: die))
        }
        self.init(places: places)
    }
}
