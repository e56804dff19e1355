internal import Cluster
internal import Course
internal import Deployment
internal import Documents
internal import Runs

extension Parts {
    /// What looks after the pods of project and benchmark in the measured window.
    func watch(_ context: Context) -> PodWatch {
        var footprint = Footprint(json: context.detail(of: .ready)["footprint"])
        footprint.add(Footprint(json: context.detail(of: .benchmark)["footprint"]))
        let watch = PodWatch(kubectl: kubectl, pods: footprint.pods)
        watch.everyMilliseconds = request.durations.poll
        return watch
    }
}
