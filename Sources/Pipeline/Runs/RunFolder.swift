/// The folder of one run: everything that was asked, done and found.
package struct RunFolder: Sendable {
    /// Where it is.
    package let path: String

    package init(path: String) { self.path = path }
}
