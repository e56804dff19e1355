import Documents
import GitHub
import Glibc
import Host
import Registry

/// Runs of the pipeline on this machine, one after another.
struct LocalRuns {
    let book: StateBook
    let tries: Int
    /// What follows the target on the command line of `brahe pipeline`.
    let arguments: [String]

    /// The command line of a run.
    static func commandLine(for target: Target, _ arguments: [String]) -> [String] {
        var line = ["pipeline", "--project", target.project]
        if let configuration = target.configuration { line += ["--config", configuration] }
        return line + ["--version", target.version] + arguments
    }

    /// Runs what is missing. Returns what there is, in words, and the exit code of the run that failed.
    func measure(_ target: Target, runs: Int, forced: Bool) throws(Failure) -> (words: String, code: Int32) {
        let begun = Moment.now
        // This trigger holds the state's lock: what an earlier one began was interrupted.
        for index in book.state.indices(of: target) where book.state.attempts[index].isOpen { try drop(index) }
        let wanted = runs + (forced ? book.state.inHand(target) : 0)
        var words = "measured already"
        while true {
            switch book.state.next(for: target, wanted: wanted, begun: begun, tries: tries, forgiving: forced) {
            case .enough: return (words, 0)
            case .givenUp(let reason): throw Failure(.benchmark, reason)
            case .unclear(let index): try drop(index)
            case .dispatch:
                let code = try run(target)
                guard code == 0 else { return ("the pipeline ended with \(code)", code) }
                words = "measured"
            }
        }
    }

    private func run(_ target: Target) throws(Failure) -> Int32 {
        let index = try book.change { state in
            let index = state.intend(target, after: 0, now: .now)
            state.change(index) { $0.become(.started, now: .now) }
            return index
        }
        let child: Child
        do {
            // A child gets brahe itself, under whatever name it was called. Out of reach of ctrl-C it gets each signal
            // once, from us, and ends with its cleanup done also if we are killed.
            child = try Child(["/proc/self/exe"] + Self.commandLine(for: target, arguments), daemon: true)
        } catch {
            try end(index, "not started")
            throw Failure(.configuration, "start brahe pipeline: \(errnoText(error.error))")
        }
        var signal: Failure?
        while true {
            if let ending = child.ending(within: 50) {
                if let signal {
                    try drop(index)
                    throw signal
                }
                try end(index, ending.code == 0 ? "success" : "exit \(ending.code)")
                return ending.code
            }
            do {
                try Interruption.check()
            } catch {
                // The pipeline cleans up and ends; so do we, after it.
                kill(child.pid, error.exit.rawValue - 128)
                signal = error
            }
        }
    }

    /// What was interrupted has not failed.
    private func drop(_ index: Int) throws(Failure) {
        try book.change { $0.change(index) { $0.become(.dropped, now: .now, reason: "interrupted") } }
    }

    private func end(_ index: Int, _ conclusion: String) throws(Failure) {
        try book.change {
            $0.change(index) { attempt in
                attempt.become(.completed, now: .now)
                attempt.conclusion = conclusion
            }
        }
    }
}
