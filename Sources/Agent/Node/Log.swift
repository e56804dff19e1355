import Glibc

/// Writes one line to standard error, in a single write so that lines never interleave.
package func log(_ message: String) {
    var line = "brahe-agent: \(message)\n"
    line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
