/// Why brahe ends without having done what it was asked: the exit code and one line for stderr.
struct Failure: Error {
    /// What the process ends with.
    enum Exit: Int32 {
        /// An option, an operand or a command that is not known.
        case usage = 2
        /// No agent answers, it does not start, or the kernel refuses what the measurement needs.
        case noAgent = 3
        /// The agent's page lacks what was to be shown, or it could not be written down.
        case dataMissing = 8
        /// The command to be measured is there and cannot be executed; a shell's number.
        case notExecutable = 126
        /// The command to be measured is not there; a shell's number.
        case notFound = 127
    }

    let exit: Exit
    let message: String

    init(_ exit: Exit, _ message: String) {
        self.exit = exit
        self.message = message
    }
}
