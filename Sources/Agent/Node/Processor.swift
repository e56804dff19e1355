/// One logical CPU, in the words of /proc/cpuinfo (Kepler's `kepler_node_cpu_info`); empty where the file has none.
package struct Processor: Equatable, Sendable {
    /// The CPU's number.
    package var processor = ""
    /// `GenuineIntel`, `AuthenticAMD`; on ARM the implementer's code, `0x41`.
    package var vendorID = ""
    /// The model as it is sold.
    package var modelName = ""
    /// The socket.
    package var physicalID = ""
    /// The core within the socket.
    package var coreID = ""
    /// What tells the microarchitecture.
    var model = Model()

    /// Family, model and stepping of an x86 processor, or the part of an ARM one.
    struct Model: Equatable, Sendable {
        var family = 0
        var number = 0
        var stepping = 0
        var part = 0
    }

    /// The CPUs of a /proc/cpuinfo: paragraphs of `key : value`, each begun by `processor`.
    static func all(_ text: String) -> [Processor] {
        var all: [Processor] = []
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = trimmed(line[..<colon])
            let value = trimmed(line[line.index(after: colon)...])
            if key == "processor" { all.append(Processor(processor: value)) }
            guard var cpu = all.popLast() else { continue }
            cpu.note(key, value, after: all.last)
            all.append(cpu)
        }
        return all
    }

    private mutating func note(_ key: String, _ value: String, after last: Processor?) {
        switch key {
        // Hundreds of CPUs share one copy of these two.
        case "vendor_id", "CPU implementer": vendorID = last?.vendorID == value ? last?.vendorID ?? value : value
        case "model name": modelName = last?.modelName == value ? last?.modelName ?? value : value
        case "physical id": physicalID = value
        case "core id": coreID = value
        case "cpu family": model.family = Int(value) ?? 0
        case "model": model.number = Int(value) ?? 0
        case "stepping": model.stepping = Int(value) ?? 0
        case "CPU part": model.part = Int(value.dropFirst(2), radix: 16) ?? 0
        default: break
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
