/// The text formats that a page can be in.
public enum PageFormat: Sendable, CaseIterable {
    /// Prometheus text exposition format 0.0.4.
    case text
    /// OpenMetrics 1.0: units, the time each counter began at, and an end mark.
    case openMetrics
}
