internal import CPipeline
internal import Glibc

/// Another program that does one thing for brahe and ends.
package struct Tool {
    /// The program and its arguments; a program without a slash is found along PATH.
    package let arguments: [String]

    package init(_ arguments: [String]) { self.arguments = arguments }

    /// Whether the program is there and may be executed.
    package var isThere: Bool {
        guard let program = arguments.first, !program.isEmpty else { return false }
        if program.contains("/") { return access(program, X_OK) == 0 }
        let folders = Environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// As a shell says it: the exit code, or 128 plus the signal.
        package let code: Int32
        package let output: String
        package let errors: String

        /// The last line that it said, for a message about it.
        package var lastWords: String {
            let line = errors.split(separator: "\n").last ?? output.split(separator: "\n").last
            return line.map(String.init) ?? "it ended with \(code) and said nothing"
        }
    }

    /// Runs it to its end, out of reach of ctrl-C; what takes longer is killed, which is code 137.
    ///
    /// Throws only if it could not be started.
    package func run(input: String = "", within milliseconds: UInt32) throws(Failure) -> Outcome {
        let stdin = try Capture()
        let output = try Capture()
        let errors = try Capture()
        guard write(input, to: stdin.descriptor), lseek(stdin.descriptor, 0, SEEK_SET) == 0 else {
            throw Failure(.configuration, "hand its input to \(arguments.first ?? ""): \(errnoText())")
        }
        let child: Child
        do {
            child = try Child(
                arguments, stdin: stdin.descriptor, stdout: output.descriptor, stderr: errors.descriptor, daemon: true)
        } catch {
            throw Failure(.configuration, "start \(arguments.first ?? ""): \(errnoText(error.error))")
        }
        var ending = child.ending(within: milliseconds)
        if ending == nil {
            kill(child.pid, SIGKILL)
            ending = child.ending(within: 5000)
        }
        return Outcome(code: ending?.code ?? 137, output: output.text, errors: errors.text)
    }
}
