internal import Documents
internal import Families
package import Host
internal import Plots
package import Results

/// The files of a report in one folder: `run.json`, which has everything, and what is made of it for people.
package struct ReportFolder: Sendable {
    /// Where they are.
    package let path: String

    package init(path: String) { self.path = path }

    /// The names of the files of a report.
    package static let names = [
        "samples.om", "prom2json-start.json", "prom2json-end.json", "run.json", "report.txt", "report.md",
        "report.html",
        "impact.yml", "plots/power.svg", "plots/energy.svg",
    ]

    /// Everything that was found.
    package var document: String { path + "/run.json" }
    /// For the terminal.
    package var text: String { path + "/report.txt" }
    /// For the summary of a step on GitHub.
    package var markdown: String { path + "/report.md" }
    /// For a browser.
    package var page: String { path + "/report.html" }
    /// The score's components for the Impact Framework.
    package var impact: String { path + "/impact.yml" }
    /// The samples that the report is made of, as OpenMetrics.
    package var samples: String { path + "/samples.om" }
    /// The digests of all of it.
    package var digests: String { path + "/SHA256SUMS" }

    /// Writes everything that is made of a document, the document itself last: where it is, all is.
    package func write(_ document: RunDocument) throws(Failure) {
        try Files.makeFolder(path + "/plots")
        try Files.replace(text, with: TextReport(run: document).text)
        try Files.replace(markdown, with: MarkdownReport(run: document).text)
        try Files.replace(page, with: HTMLReport(run: document).text)
        if document.results != nil {
            try Files.replace(path + "/plots/power.svg", with: PowerPlot(run: document).svg)
            try Files.replace(path + "/plots/energy.svg", with: EnergyPlot(run: document).svg)
        }
        if let manifest = document.impactManifest { try Files.replace(impact, with: manifest.page) }
        try Files.replace(self.document, with: document.page())
    }

    /// Writes what prom2json makes of a page, as `prom2json-NAME.json`.
    package func write(page: String, as name: String) throws(Failure) {
        do {
            try Files.replace(path + "/prom2json-\(name).json", with: Prom2JSON.line(of: page))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.dataMissing, "write the page of the window's \(name) as prom2json does: \(error)")
        }
    }

    /// Writes the digest of each of these files that is there, in the format that `sha256sum --check` reads.
    package func seal(_ names: [String]) throws(Failure) {
        var lines = ""
        for name in names.sorted() where Files.exists("\(path)/\(name)") {
            lines += "\(Files.sha256(try Files.read("\(path)/\(name)")))  \(name)\n"
        }
        try Files.replace(digests, with: lines)
    }
}
