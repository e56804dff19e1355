package import Course
internal import Documents

/// How long something took, for people: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`.
package struct Span: CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = max(milliseconds, 0) }

    package var description: String {
        let seconds = milliseconds / 1000
        let minutes = seconds / 60
        let hours = minutes / 60
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return if seconds < 10 {
            "\(seconds).\(milliseconds / 100 % 10) s"
        } else if minutes == 0 {
            "\(seconds) s"
        } else if hours == 0 {
            "\(minutes) min \(two(seconds % 60)) s"
        } else if hours < 48 {
            "\(hours) h \(two(minutes % 60)) min"
        } else {
            "\(hours / 24) d \(two(hours % 24)) h"
        }
    }
}

extension Journal {
    /// What became of each step that was begun, in the order of time: `done`, `failed` or `broken off`, and after how
    /// many milliseconds, nil if nobody knows.
    package var history: [(entry: Entry, outcome: String, milliseconds: Int64?)] {
        var history: [(entry: Entry, outcome: String, milliseconds: Int64?)] = []
        for entry in entries {
            switch entry.phase {
            case .intent: history.append((entry, "broken off", nil))
            case .note: continue
            case .result, .failure:
                guard let begun = history.popLast() else { continue }
                let outcome = entry.phase == .result ? "done" : "failed"
                history.append((begun.entry, outcome, entry.at - begun.entry.at))
            }
        }
        return history
    }

    /// A table of the steps in Markdown, and what came of the run.
    package func summary(of run: String) -> String {
        let rows = history.map { begun in
            let duration = begun.milliseconds.map { Span(milliseconds: $0).description } ?? ""
            return "| \(begun.entry.step.rawValue) | \(begun.outcome) | \(duration) |\n"
        }
        return "### \(run)\n\n| step | outcome | duration |\n| --- | --- | ---: |\n" + rows.joined()
            + "\n\(verdict)\n\n"
    }

    private var verdict: String {
        // What a cluster answers may have line ends and bars that a table or a paragraph would not survive.
        let words = [failure, uncleared, refusal].compactMap { $0 }.map {
            "**\($0.step.rawValue) failed**: \($0.message.split(whereSeparator: \.isNewline).joined(separator: " "))"
        }
        if !words.isEmpty { return words.joined(separator: "\n\n") }
        return succeeded ? "The run is done and the cluster is clean." : "The run is not finished."
    }
}
