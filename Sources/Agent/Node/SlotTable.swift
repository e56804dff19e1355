import CAgent
import Glibc

/// Memory that the probe shares with the kernel: which cgroup, or process, owns which slot, and each CPU's time in it.
///
/// Reading it takes no system call and allocates nothing. Slots are given back in two steps, a sample apart, so that
/// a CPU that had just found its slot is done with it before it is emptied; see `close` and `read`.
struct SlotTable: ~Copyable {
    /// CPU time that one owner gained on one domain since the last reading.
    struct Gain {
        /// 0 is the overflow: owners that found no slot.
        let owner: UInt64
        let slot: Int
        let domain: Int
        let nanoseconds: UInt64
    }

    /// What the last reading found: an entry for each slot in use and domain with work, and one of 0 nanoseconds for
    /// each slot in use without any.
    private(set) var gains: [Gain] = []
    /// How often the probe ran, cumulative.
    private(set) var runs: UInt64 = 0

    /// How many slots were in use, the overflow's not counted.
    var usedSlots: Int { max(0, used.count - 1) }

    private let ids: MappedArray
    private let cells: MappedArray
    private let slots: Int
    private let domainOfCPU: [Int]
    private let domains: Int
    private var used: [Int] = []
    private var closing: [(slot: Int, since: UInt64)] = []
    /// Whose each slot was when it was closed.
    private var formerIDs: [UInt64]
    private var last: [UInt64]
    private var sums: [UInt64]

    /// The table behind two mapped arrays: `ids` has `slots` entries, `cells` that many for each CPU.
    init(ids: consuming MappedArray, cells: consuming MappedArray, slots: Int, domainOfCPU: [Int], domains: Int) {
        self.ids = ids
        self.cells = cells
        self.slots = slots
        self.domainOfCPU = domainOfCPU
        self.domains = domains
        last = Array(repeating: 0, count: slots * domains)
        sums = last
        formerIDs = Array(repeating: 0, count: slots)
        used.reserveCapacity(slots)
        gains.reserveCapacity(slots)
    }

    /// Gives an owner's slot back: no more work finds it, and a reading at least a tenth of a second later empties it.
    /// A slot that is no longer the owner's is left alone.
    mutating func close(slot: Int, owner: UInt64, at time: UInt64) {
        guard ids[slot] == owner else { return }
        formerIDs[slot] = owner
        ids[slot] = ~0
        closing.append((slot, time))
    }

    /// Reads the whole table at `time`, nanoseconds, into `gains`.
    mutating func read(at time: UInt64) {
        used.removeAll(keepingCapacity: true)
        gains.removeAll(keepingCapacity: true)
        used.append(Int(SLOT_OVERFLOW))
        for slot in Int(SLOT_FIRST)..<slots where ids[slot] != 0 { used.append(slot) }
        for slot in used { for domain in 0..<domains { sums[slot * domains + domain] = 0 } }
        runs = 0
        for cpu in domainOfCPU.indices {
            let domain = domainOfCPU[cpu]
            let row = cpu * slots
            runs += cells[row + Int(SLOT_RUNS)]
            for slot in used { sums[slot * domains + domain] += cells[row + slot] }
        }
        for slot in used {
            let owner = slot == Int(SLOT_OVERFLOW) ? 0 : owner(of: slot)
            var worked = false
            for domain in 0..<domains {
                let index = slot * domains + domain
                guard sums[index] > last[index] else { continue }
                let gain = sums[index] - last[index]
                last[index] = sums[index]
                worked = true
                gains.append(Gain(owner: owner, slot: slot, domain: domain, nanoseconds: gain))
            }
            if !worked { gains.append(Gain(owner: owner, slot: slot, domain: 0, nanoseconds: 0)) }
        }
        if !closing.isEmpty { empty(closedBefore: time &- 100_000_000) }
    }

    private func owner(of slot: Int) -> UInt64 {
        let id = ids[slot]
        return id == ~0 ? formerIDs[slot] : id
    }

    private mutating func empty(closedBefore time: UInt64) {
        for closed in closing where closed.since <= time {
            for cpu in domainOfCPU.indices { cells[cpu * slots + closed.slot] = 0 }
            for domain in 0..<domains { last[closed.slot * domains + domain] = 0 }
            ids[closed.slot] = 0
        }
        closing.removeAll { $0.since <= time }
    }
}

/// A BPF array of 64-bit numbers, mapped into this process.
struct MappedArray: ~Copyable {
    private let base: UnsafeMutablePointer<UInt64>
    private let size: Int

    /// Maps the first `count` numbers of a map made with BPF_F_MMAPABLE. The corresponding C function is `mmap`.
    init(map: Int32, count: Int) throws(SystemError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        size = (count * 8 + page - 1) / page * page
        let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0)
        guard let address, address != MAP_FAILED else { throw SystemError("map \(size) bytes of a BPF array") }
        base = address.assumingMemoryBound(to: UInt64.self)
    }

    deinit { munmap(base, size) }

    /// A number; kernel and agent read and write it whole.
    subscript(index: Int) -> UInt64 {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }
}
