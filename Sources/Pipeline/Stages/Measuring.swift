package import Course
internal import Deployment
package import Documents
package import Host
package import Runs

/// The measured window.
package struct Measuring: Stage {
    package let step = Step.window
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON { [:] }
}

extension Parts {
    var canGoOnMeasuring: Bool { edges.countsSince(startOf: Step.window.rawValue) }
    func benchmark() throws(Failure) -> (manifest: Deployment.Manifest, sha256: String)? { nil }
}
