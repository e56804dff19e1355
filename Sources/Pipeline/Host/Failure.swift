/// Why brahe ends without having done what it was asked: the exit code and one line for stderr.
package struct Failure: Error, Equatable {
    /// What the process ends with.
    package enum Exit: Int32, Sendable {
        /// An option, an operand or a command that is not known.
        case usage = 2
        /// What brahe works with is missing or makes no sense: a file, a manifest, a tool, an agent, a permission.
        case configuration = 3
        /// Another run holds the lock, or one that ended without cleaning up.
        case locked = 4
        /// GitHub refuses, does not answer, or does not start what was dispatched.
        case gitHub = 5
        /// The cluster does not answer, or what was deployed is not ready in time.
        case deploy = 6
        /// The benchmark did not do what it should.
        case benchmark = 7
        /// The agent's page lacks what was to be shown, or it could not be written down.
        case dataMissing = 8
        /// Something of the run may still be in the cluster.
        case cleanup = 9
        /// What was compared uses more than what it was compared with.
        case regression = 10
        /// A comparison shows neither a difference nor that there is none, and a verdict was required.
        case inconclusive = 11
        /// The command to be measured is there and cannot be executed; a shell's number.
        case notExecutable = 126
        /// The command to be measured is not there; a shell's number.
        case notFound = 127
        /// Ended by SIGHUP, SIGINT or SIGTERM; a shell's numbers.
        case hungUp = 129
        case interrupted = 130
        case terminated = 143
    }

    package let exit: Exit
    /// What was tried, on what, and why it failed.
    package let message: String

    package init(_ exit: Exit, _ message: String) {
        self.exit = exit
        self.message = message
    }
}
