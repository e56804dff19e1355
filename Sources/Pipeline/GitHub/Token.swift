/// The credential for GitHub: from the environment or a file, never from the command line, and never shown.
package struct Token: Sendable, CustomStringConvertible {
    /// What goes into the header `Authorization`.
    package let secret: String
    /// For whoever prints one by mistake.
    package var description: String { "(token)" }
}
