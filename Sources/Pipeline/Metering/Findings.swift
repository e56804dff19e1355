/// Everything that was found in one phase.
package struct Findings: Equatable, Sendable {
    package let phase: Phase
    /// Whose metrics they are.
    package let generation: Generation
    /// The zones whose energy was added, like `package+dram`, or the one that holds all, `psys`.
    package let zone: String
    /// Every consumer of every level; nodes first, then in the order of `Use.Level`, each by falling energy.
    package let uses: [Use]
    package let quality: Quality
    /// What a reader must know, one line each.
    package let notes: [String]

    package init(
        phase: Phase, generation: Generation, zone: String, uses: [Use], quality: Quality, notes: [String] = []
    ) {
        self.phase = phase
        self.generation = generation
        self.zone = zone
        self.uses = uses
        self.quality = quality
        self.notes = notes
    }
}
