package import Attribution

/// The processes' side of the ledger, kept only where processes are measured.
package struct ProcessBook: Sendable {
    /// The same energy as in the sampler's own ledger, divided among processes.
    package var ledger: Ledger
    /// Whose the accounts are.
    package var roster: ProcessRoster
}
