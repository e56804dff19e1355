import Attribution

/// A random life of a ledger, step by step, and what its laws need to know of it.
struct History {
    private(set) var ledger: Ledger
    /// Rows that are open, the ledger's own four among them.
    private(set) var open: [Ledger.Row] = Array(0..<Ledger.firstOpen)
    /// For each row, the domains whose CPU time it holds.
    private(set) var ranOn: [Set<Int>] = Array(repeating: [], count: Ledger.firstOpen)
    /// For each zone, what was posted to it.
    private(set) var spent: [Energy]

    private let domains: Int
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        domains = Int.random(in: 1...4, using: &random)
        var zones: [Zone] = []
        for number in 0..<Int.random(in: 1...6, using: &random) {
            let first = Int.random(in: 0..<domains, using: &random)
            let last = Int.random(in: first..<domains, using: &random)
            let kind = Zone.Kind.allCases.randomElement(using: &random) ?? .package
            zones.append(Zone(kind: kind, package: "\(number)", domains: first..<last + 1))
        }
        let policy = IdlePolicy.allCases.randomElement(using: &random) ?? .none
        ledger = Ledger(zones: zones, domains: domains, policy: policy)
        spent = zones.map { _ in .zero }
    }

    /// Does one thing; returns the row that was folded away, if that was it.
    mutating func step() -> Ledger.Row? {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: openRow()
        case 1: return foldRow()
        case 2..<8: charge()
        case 8..<11: pass()
        default: post()
        }
        return nil
    }

    private mutating func openRow() {
        let row = ledger.open()
        ledger.setCarries(row, .random(using: &random))
        open.append(row)
        while ranOn.count <= row { ranOn.append([]) }
    }

    private mutating func foldRow() -> Ledger.Row? {
        guard open.count > Ledger.firstOpen,
            let place = open.indices.dropFirst(Ledger.firstOpen).randomElement(using: &random)
        else { return nil }
        let row = open.remove(at: place)
        guard let heir = open.randomElement(using: &random) else { return nil }
        ledger.fold(row, into: heir)
        ranOn[heir].formUnion(ranOn[row])
        ranOn[row] = []
        return row
    }

    private mutating func charge() {
        guard let row = open.randomElement(using: &random) else { return }
        let domain = Int.random(in: 0..<domains, using: &random)
        ledger.charge(row, domain: domain, nanoseconds: .random(in: 1...5_000_000_000, using: &random))
        ranOn[row].insert(domain)
    }

    /// Too little time for the work that was charged, now and then.
    private mutating func pass() {
        let cpus = (0..<domains).map { _ in Int.random(in: 0...20, using: &random) }
        ledger.pass(nanoseconds: .random(in: 0...1_000_000_000, using: &random), cpus: cpus)
    }

    private mutating func post() {
        for zone in ledger.zones.indices where Bool.random(using: &random) {
            // Small amounts too, because their rounding is the largest part of them.
            let most: UInt64 = Bool.random(using: &random) ? 10 : 1_000_000_000
            let energy = Energy(microjoules: .random(in: 0...most, using: &random))
            let idle = Bool.random(using: &random) ? UInt64.random(in: 0...900_000_000, using: &random) : nil
            ledger.post(zone: zone, spent: energy, idleMicrowatts: idle)
            spent[zone] += energy
        }
    }
}
