package import Documents

/// One line of a run's journal.
package struct Entry: Equatable, Sendable {
    /// What a line says about its step.
    package enum Phase: String, Sendable {
        /// It is about to begin; on the disk before anything is done.
        case intent
        /// Something found on the way that a later process must know, such as when the window began.
        case note
        /// It is done.
        case result
        /// It came to nothing; `exit` and `message` of its detail say why.
        case failure
    }

    /// Its place in the journal, from 1.
    package let sequence: Int
    package let at: Moment
    /// Which process wrote it: 1 for the first, one more for each that resumed the run.
    package let attempt: Int
    package let step: Step
    package let phase: Phase
    /// What was found or done: an object.
    package let detail: JSON

    package init(sequence: Int, at: Moment, attempt: Int, step: Step, phase: Phase, detail: JSON = [:]) {
        self.sequence = sequence
        self.at = at
        self.attempt = attempt
        self.step = step
        self.phase = phase
        self.detail = detail
    }

    /// Reads `{"sequence": 1, "at": ISO 8601, "attempt": 1, "step": "lock", "phase": "intent", "detail": {}}`.
    package init(_ json: JSON) throws(Wrong) {
        guard let sequence = json["sequence"].integer, let attempt = json["attempt"].integer,
            let sequence = Int(exactly: sequence), let attempt = Int(exactly: attempt)
        else { throw Wrong(reason: "sequence or attempt is no whole number") }
        guard let at = json["at"].string.flatMap({ Moment($0) }) else { throw Wrong(reason: "at is no time") }
        guard let step = json["step"].string.flatMap(Step.init) else { throw Wrong(reason: "step is not known") }
        guard let phase = json["phase"].string.flatMap(Phase.init) else { throw Wrong(reason: "phase is not known") }
        self.init(sequence: sequence, at: at, attempt: attempt, step: step, phase: phase, detail: json["detail"])
    }

    /// What `init(_:)` reads.
    package var json: JSON {
        .object([
            "sequence": .integer(Int64(sequence)), "at": .string(at.description), "attempt": .integer(Int64(attempt)),
            "step": .string(step.rawValue), "phase": .string(phase.rawValue), "detail": detail,
        ])
    }

    /// Why something is no entry, or none that may follow those before it.
    package struct Wrong: Error, Equatable, CustomStringConvertible {
        package let reason: String
        package var description: String { reason }
    }
}
