/// Who carries the energy that a zone would have spent with nothing to do.
public enum IdlePolicy: String, CaseIterable, Sendable {
    /// Nobody: it stays with the node.
    case none
    /// Every account, by its CPU time.
    case usage
    /// Every container that is alive, in equal parts.
    case even
}
