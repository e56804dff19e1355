extension Processor {
    /// The microarchitecture, by the words of Kepler 0.9's table (data/cpus.yaml) and of the same kind where it has
    /// none; nil for a processor that is not known. Numbers are those of Linux' asm/intel-family.h, kernel/cpu/amd.c and
    /// asm/cputype.h.
    var microarchitecture: String? {
        switch vendorID {
        case "GenuineIntel": model.family == 6 ? Self.intel(model.number, stepping: model.stepping) : nil
        case "AuthenticAMD": Self.amd(family: model.family, model.number)
        case "HygonGenuine": model.family == 0x18 ? "Dhyana" : nil
        default: Self.arm[Part(implementer: vendorID, number: model.part)]
        }
    }

    private static func intel(_ model: Int, stepping: Int) -> String? {
        switch model {
        // One number, several cores: what differs is the stepping.
        case 0x55:
            switch stepping {
            case 0...4: "Skylake"
            case 5...9: "Cascade Lake"
            default: "Cooper Lake"
            }
        case 0x8e, 0x9e: stepping < 10 ? "Kaby Lake" : "Coffee Lake"
        default: intel[model]
        }
    }

    private static let intel: [Int: String] = [
        0x1a: "Nehalem", 0x1e: "Nehalem", 0x1f: "Nehalem", 0x2e: "Nehalem",
        0x25: "Westmere", 0x2c: "Westmere", 0x2f: "Westmere",
        0x2a: "Sandy Bridge", 0x2d: "Sandy Bridge",
        0x3a: "Ivy Bridge", 0x3e: "Ivy Bridge",
        0x3c: "Haswell", 0x3f: "Haswell", 0x45: "Haswell", 0x46: "Haswell",
        0x3d: "Broadwell", 0x47: "Broadwell", 0x4f: "Broadwell", 0x56: "Broadwell",
        0x4e: "Skylake", 0x5e: "Skylake",
        0xa5: "Comet Lake", 0xa6: "Comet Lake",
        0x66: "Palm Cove",
        0x6a: "Sunny Cove", 0x6c: "Sunny Cove", 0x7d: "Sunny Cove", 0x7e: "Sunny Cove", 0x8a: "Sunny Cove",
        0x8c: "Willow Cove", 0x8d: "Willow Cove",
        0xa7: "Cypress Cove",
        0x97: "Golden Cove", 0x9a: "Golden Cove",
        0xb7: "Raptor Cove", 0xba: "Raptor Cove", 0xbf: "Raptor Cove",
        0xaa: "Redwood Cove", 0xac: "Redwood Cove", 0xb5: "Redwood Cove",
        0xbd: "Lion Cove", 0xc5: "Lion Cove", 0xc6: "Lion Cove",
        0xcc: "Cougar Cove",
        0x8f: "Sapphire Rapids", 0xcf: "Emerald Rapids", 0xad: "Granite Rapids", 0xae: "Granite Rapids",
        0xaf: "Sierra Forest", 0xdd: "Clearwater Forest", 0xb6: "Crestmont",
        0x37: "Silvermont", 0x4a: "Silvermont", 0x4d: "Silvermont", 0x5a: "Silvermont", 0x5d: "Silvermont",
        0x4c: "Airmont", 0x75: "Airmont",
        0x5c: "Goldmont", 0x5f: "Goldmont", 0x7a: "Goldmont Plus",
        0x86: "Tremont", 0x96: "Tremont", 0x9c: "Tremont", 0xbe: "Gracemont",
        0x57: "Knights Landing", 0x85: "Knights Mill",
    ]

    private static func amd(family: Int, _ model: Int) -> String? {
        switch (family, model) {
        case (0x15, 0x00...0x01): "Bulldozer"
        case (0x15, 0x02), (0x15, 0x10...0x1f): "Piledriver"
        case (0x15, 0x30...0x3f): "Steamroller"
        case (0x15, 0x60...0x7f): "Excavator"
        case (0x16, 0x00...0x0f): "Jaguar"
        case (0x16, 0x30...0x3f): "Puma"
        case (0x17, 0x08), (0x17, 0x18): "Zen+"
        case (0x17, 0x00...0x2f), (0x17, 0x50...0x5f): "Zen"
        case (0x17, 0x30...0x4f), (0x17, 0x60...0x7f), (0x17, 0x84...0x87), (0x17, 0x90...0x9f), (0x17, 0xa0...0xaf):
            "Zen 2"
        case (0x19, 0x00...0x0f), (0x19, 0x20...0x5f): "Zen 3"
        case (0x19, 0xa0...0xaf): "Zen 4c"
        case (0x19, 0x10...0x1f), (0x19, 0x60...0x9f): "Zen 4"
        case (0x1a, 0x10...0x1f): "Zen 5c"
        case (0x1a, 0x00...0x0f), (0x1a, 0x20...0x2f), (0x1a, 0x40...0x4f), (0x1a, 0x60...0x7f): "Zen 5"
        case (0x1a, 0x50...0x5f), (0x1a, 0x80...0xaf), (0x1a, 0xc0...0xcf): "Zen 6"
        default: nil
        }
    }

    private struct Part: Hashable {
        let implementer: String
        let number: Int

        init(implementer: String, number: Int) {
            self.implementer = implementer
            self.number = number
        }

        init(_ implementer: String, _ number: Int) { self.init(implementer: implementer, number: number) }
    }

    private static let arm: [Part: String] = [
        Part("0x41", 0xd03): "cortex_a53", Part("0x41", 0xd05): "cortex_a55", Part("0x41", 0xd07): "cortex_a57",
        Part("0x41", 0xd08): "cortex_a72", Part("0x41", 0xd09): "cortex_a73", Part("0x41", 0xd0a): "cortex_a75",
        Part("0x41", 0xd0b): "cortex_a76", Part("0x41", 0xd0d): "cortex_a77", Part("0x41", 0xd41): "cortex_a78",
        Part("0x41", 0xd0c): "neoverse_n1", Part("0x41", 0xd49): "neoverse_n2", Part("0x41", 0xd8e): "neoverse_n3",
        Part("0x41", 0xd40): "neoverse_v1", Part("0x41", 0xd4f): "neoverse_v2", Part("0x41", 0xd84): "neoverse_v3",
        Part("0x41", 0xd4a): "neoverse_e1",
        Part("0x42", 0x516): "thunderx2", Part("0x43", 0x0af): "thunderx2", Part("0x43", 0x0a1): "thunderx",
        Part("0x46", 0x001): "a64fx", Part("0x48", 0xd01): "tsv110", Part("0x4e", 0x004): "carmel",
        Part("0x50", 0x000): "xgene", Part("0xc0", 0xac3): "ampere1", Part("0xc0", 0xac4): "ampere1a",
    ]
}
