import Documents
import Glibc
import Host
import Runs
import Stages
import Statistics

/// Runs of several configurations or versions, each so many times, one after another and interleaved.
struct RepeatedRuns {
    /// One configuration of one version.
    private struct Arm {
        let name: String
        let options: Options
    }

    /// A run that was begun, or could not even be.
    private struct Done {
        let arm: Int
        var folder: RunFolder?
        var code: Int32 = 0
    }

    private let arms: [Arm]
    private let order: [Int]
    private let coolDown: Int64
    private let isDry: Bool

    /// What the options ask for; nil if that is one run as ever.
    init?(_ options: Options) throws(Failure) {
        let configurations = Self.unique(options.all("--config"))
        let versions = Self.unique(options.all("--version"))
        guard options["--repeat"] != nil || configurations.count > 1 || versions.count > 1 else {
            guard options["--cool-down"] == nil else {
                throw Failure(.usage, "option --cool-down is for several runs: --repeat, or more than one --config")
            }
            return nil
        }
        guard let repeats = Int(options["--repeat"] ?? "1"), (1...1000).contains(repeats) else {
            throw Failure(.usage, "option --repeat: \(options["--repeat"] ?? "") is not a number from 1 to 1000")
        }
        var arms: [Arm] = []
        for version in versions.isEmpty ? [nil] : versions.map(Optional.some) {
            for configuration in configurations.isEmpty ? [nil] : configurations.map(Optional.some) {
                let one = options.replacing("--config", with: configuration).replacing("--version", with: version)
                // What is wrong with one of them is said before anything is measured.
                let request = try PipelineOptions.request(one)
                let parts = [configurations.count > 1 ? configuration : nil, versions.count > 1 ? version : nil]
                let name = parts.compactMap { $0 }.joined(separator: "@")
                arms.append(
                    Arm(
                        name: name.isEmpty ? configuration ?? request.project.version : name, options: one))
            }
        }
        self.arms = arms
        order = Interleaving.order(arms: arms.count, repeats: repeats)
        coolDown = try options.duration("--cool-down") ?? 0
        isDry = options["--dry-run"] != nil
    }

    private static func unique(_ values: [String]) -> [String] {
        values.enumerated().filter { !values[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// Runs them all; one that fails is counted and the others go on, unless the cluster is no longer free for them.
    /// Returns the first failure's exit code.
    func perform() throws(Failure) -> Int32 {
        if isDry {
            write("order: \(order.map { arms[$0].name }.joined(separator: ", "))\n\n", to: STDOUT_FILENO)
            for arm in arms { _ = try Subcommand.performPlan(arm.options) }
            return 0
        }
        Interruption.hold()
        var all: [Done] = []
        for (index, arm) in order.enumerated() {
            do throws(Failure) {
                if index > 0 { try Interruption.pause(milliseconds: UInt32(clamping: coolDown)) }
            } catch {
                say(error.message)
                tell(all)
                return all.first { $0.code != 0 }?.code ?? error.exit.rawValue
            }
            say("run \(index + 1) of \(order.count): \(arms[arm].name)")
            var done = Done(arm: arm)
            do throws(Failure) {
                done.code = try Subcommand.start(arms[arm].options, to: .end) { done.folder = $0 }
            } catch {
                say(error.message)
                done.code = error.exit.rawValue
            }
            all.append(done)
            if let reason = Self.reasonToStop(done.code), index + 1 < order.count {
                say("the other \(order.count - index - 1) runs are not done: \(reason)")
                break
            }
        }
        tell(all)
        return all.first { $0.code != 0 }?.code ?? 0
    }

    /// Why no further run could be made, or should be.
    private static func reasonToStop(_ code: Int32) -> String? {
        switch Failure.Exit(rawValue: code) {
        case .hungUp, .interrupted, .terminated: "the signal ended them all"
        case .cleanup: "something of this one may still be in the cluster"
        case .locked: "the lock is not to be had"
        default: nil
        }
    }

    /// The runs, and the command that compares them.
    private func tell(_ all: [Done]) {
        var table = Table(headings: ["RUN", "ARM", "EXIT"])
        for done in all { table.append([done.folder?.path ?? "(not begun)", arms[done.arm].name, "\(done.code)"]) }
        let good = all.count { $0.code == 0 }
        var text = "\n\(good) of \(order.count) runs succeeded.\n\n" + table.text
        let named = arms.indices.compactMap { arm -> String? in
            let paths = all.filter { $0.arm == arm }.compactMap { $0.folder?.path }
            // A slash would make a path of the name.
            let name = String(arms[arm].name.map { $0 == "/" ? "-" : $0 })
            return paths.isEmpty ? nil : Self.quoted("\(name)=\(paths.joined(separator: ","))")
        }
        if named.count > 1 { text += "\nbrahe compare \(named.joined(separator: " "))\n" }
        write(text, to: STDOUT_FILENO)
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "=,./_@:+-".contains($0) }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
