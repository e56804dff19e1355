import Glibc

/// A failed system call: what was tried on what, and the errno it left.
package struct SystemError: Error, CustomStringConvertible {
    /// What was tried, on what.
    package let action: String
    /// Why it failed, as the kernel says.
    package let errno: Int32

    /// Notes a failure right after the call, before anything else can change errno.
    package init(_ action: String, errno: Int32 = Glibc.errno) {
        self.action = action
        self.errno = errno
    }

    /// The action, and the system's words for errno.
    package var description: String { "\(action): \(String(cString: strerror(errno)))" }
}
