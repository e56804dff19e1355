package import Documents

/// One run in few words: what a list of runs and a trend over versions want to know of its `run.json`.
package struct RunRecord: Equatable, Sendable {
    /// The energy of a scope over the measured window.
    package struct Energy: Equatable, Sendable {
        /// `project`, `workload`, `namespace` or `node`.
        package let scope: String
        package let joules: Double
        package let lowerJ: Double
        package let upperJ: Double
        package let watts: Double

        package init(scope: String, joules: Double, lowerJ: Double, upperJ: Double, watts: Double) {
            self.scope = scope
            self.joules = joules
            self.lowerJ = lowerJ
            self.upperJ = upperJ
            self.watts = watts
        }
    }

    /// The run's name, which is its folder's.
    package let run: String
    /// As the document says it: `succeeded`, `failed`, `invalid`; without a document that says it, `unreported` or
    /// `unreadable`.
    package var status: String
    /// Why the run failed, or why its document cannot be read.
    package var reason: String?
    package var project: String?
    package var organization: String?
    package var configuration: String?
    package var version: String?
    /// The measured window.
    package var start: Moment?
    package var end: Moment?
    /// The scope that is scored.
    package var primary: String?
    package var energies: [Energy] = []
    package var sci: Double?
    /// Like `gCO2eq per benchmark`.
    package var sciUnit: String?

    package init(run: String, status: String, reason: String? = nil) {
        self.run = run
        self.status = status
        self.reason = reason
    }

    /// Reads a `run.json`; throws where it is none. Documents of earlier versions have a status and no energies.
    package init(run: String, parsing text: String) throws(Misread) {
        let gist: Gist
        do {
            gist = try JSON.gist(of: text, as: Gist.self)
        } catch {
            throw Misread("", "no run: \(error)")
        }
        self.init(run: run, status: gist.status, reason: gist.failure)
        project = gist.project?.name
        organization = gist.project?.org
        configuration = gist.project?.config
        version = gist.project?.version
        start = gist.startTime.flatMap(Moment.init)
        end = gist.endTime.flatMap(Moment.init)
        primary = gist.results?.primary
        energies = (gist.results?.scopes ?? []).compactMap { scope in
            scope.energy.map {
                Energy(
                    scope: scope.scope, joules: $0.grossJ, lowerJ: $0.lowerJ, upperJ: $0.upperJ, watts: $0.meanW)
            }
        }
        sci = gist.results?.sci?.value
        sciUnit = gist.results?.sci?.units
    }

    /// The energy of a scope, of the primary one if none is named.
    package func energy(of scope: String? = nil) -> Energy? {
        let name = scope ?? primary
        return energies.first { $0.scope == name }
    }

    /// What is wanted of a document, with the document's own names.
    private struct Gist: Decodable {
        struct Project: Decodable {
            let name: String?
            let org: String?
            let config: String?
            let version: String?
        }
        struct Results: Decodable {
            let primary: String?
            let scopes: [Scope]?
            let sci: SCI?
        }
        struct Scope: Decodable {
            let scope: String
            let energy: Energy?
        }
        struct Energy: Decodable {
            let grossJ: Double
            let lowerJ: Double
            let upperJ: Double
            let meanW: Double

            enum CodingKeys: String, CodingKey {
                case grossJ = "gross_J"
                case lowerJ = "lower_J"
                case upperJ = "upper_J"
                case meanW = "mean_W"
            }
        }
        struct SCI: Decodable {
            let value: Double?
            let units: String?
        }

        let status: String
        let failure: String?
        let project: Project?
        let startTime: String?
        let endTime: String?
        let results: Results?

        enum CodingKeys: String, CodingKey {
            case status, failure, results
            case project = "cncf_project"
            case startTime = "start_time"
            case endTime = "end_time"
        }
    }
}
