package import Results

/// The series of long-term storage: gauges, one sample a run, at the end of its measured window.
package enum History {
    /// Their names, by what they hold.
    package static let names = [
        "green_review_energy_joules", "green_review_power_watts", "green_review_operational_gco2e",
        "green_review_sci_gco2e", "green_review_duration_seconds", "green_review_info",
    ]

    /// Whether a document has what storage wants.
    package static func isStorable(_ document: RunDocument) -> Bool {
        document.results != nil && document.endTime != nil
    }
}
