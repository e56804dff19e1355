/// Which CPUs share a power domain: a die of a socket.
public struct Topology: Equatable, Sendable {
    /// One die.
    public struct Domain: Comparable, Sendable {
        /// `physical_package_id`.
        public let package: Int
        /// `die_id`, 0 where the kernel gives none.
        public let die: Int

        /// The die `die` of `package`.
        public init(package: Int, die: Int) {
            self.package = package
            self.die = die
        }

        /// Orders by package, then die, so that a package is a range.
        public static func < (a: Domain, b: Domain) -> Bool { (a.package, a.die) < (b.package, b.die) }
    }

    /// The dies in order. At least one.
    public let domains: [Domain]
    /// For each CPU number, the index of its domain; a CPU that the tree does not list is in the first.
    public let domainOfCPU: [Int]
    /// For each domain, how many CPUs are in it. At least one in all.
    public let cpusInDomain: [Int]

    /// Lays out a machine.
    ///
    /// - Parameter places: for each CPU number its die, nil for a CPU that is offline or absent.
    public init(places: [Domain?]) {
        var known: [Domain] = []
        for case let place? in places where !known.contains(place) { known.append(place) }
        if known.isEmpty { known = [Domain(package: 0, die: 0)] }
        known.sort()
        var counts = Array(repeating: 0, count: known.count)
        var owners: [Int] = []
        for place in places {
            let domain = place.flatMap { known.firstIndex(of: $0) }
            owners.append(domain ?? 0)
            if let domain { counts[domain] += 1 }
        }
        if counts.allSatisfy({ $0 == 0 }) { counts[0] = max(1, places.count) }
        domains = known
        domainOfCPU = owners
        cpusInDomain = counts
    }

    /// The domains of a package, by the end of its zone's name: `1`, or `1-die-0`. All where it is unknown.
    func domains(ofPackage label: String) -> Range<Int> {
        let numbers = label.split(separator: "-").compactMap { Int($0) }
        let wholePackage = numbers.count < 2
        guard let package = numbers.first,
            let first = domains.firstIndex(where: { $0.package == package && (wholePackage || $0.die == numbers[1]) }),
            let last = domains.lastIndex(where: { $0.package == package && (wholePackage || $0.die == numbers[1]) })
        else { return domains.indices }
        return first..<last + 1
    }
}
