package import CPipeline
internal import Glibc

/// A process that brahe started.
package struct Child {
    package let pid: pid_t
    /// When it had entered its cgroup, in nanoseconds of CLOCK_MONOTONIC; the kernel takes milliseconds for that, which
    /// are none of the command's.
    package let started: UInt64

    /// Why no process came to be, and at which step.
    package struct NotStarted: Error {
        package let step: cpipeline_step
        package let error: Int32
    }

    /// Runs a program found along PATH; it runs in its cgroup from its first instruction.
    ///
    /// The corresponding C functions are `fork` and `execvp`. `procs` is the cgroup.procs that it writes itself into;
    /// -1 leaves the parent's descriptor. A daemon is out of reach of ctrl-C and ends when brahe dies.
    package init(
        _ arguments: [String], procs path: String? = nil, stdin: Int32 = -1, stdout: Int32 = -1, stderr: Int32 = -1,
        daemon: Bool = false
    ) throws(NotStarted) {
        var argv = arguments.map { strdup($0) } + [nil]
        let procs = path.flatMap { strdup($0) }
        defer {
            for argument in argv { free(argument) }
            free(procs)
        }
        var failure = cpipeline_failure()
        var started: UInt64 = 0
        var child = cpipeline_child(
            cgroup_procs: procs, stdin_fd: stdin, stdout_fd: stdout, stderr_fd: stderr, daemon: daemon)
        pid = cpipeline_spawn(&argv, &child, &started, &failure)
        self.started = started
        guard pid > 0 else { throw NotStarted(step: failure.step, error: failure.error) }
    }

    /// How a process ended, from the status of `waitpid`.
    package struct Ending: Sendable {
        package let status: Int32

        package init(status: Int32) { self.status = status }

        /// As a shell says it: the exit code, or 128 plus the signal.
        package var code: Int32 {
            let signal = status & 0x7f
            return signal == 0 ? (status >> 8) & 0xff : 128 + signal
        }
    }

    /// Asks it to end, and makes it end if it does not within five seconds.
    package func stop() {
        kill(pid, SIGTERM)
        guard ending(within: 5000) == nil else { return }
        kill(pid, SIGKILL)
        _ = ending(within: 1000)
    }

    /// How the child ended, nil if it still runs after so many milliseconds.
    package func ending(within milliseconds: UInt32) -> Ending? {
        var status: Int32 = 0
        guard cpipeline_wait_briefly(pid, milliseconds, &status) != 0 else { return nil }
        return Ending(status: status)
    }
}
