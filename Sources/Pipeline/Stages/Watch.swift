internal import Cluster
internal import Course
internal import Deployment
internal import Documents
internal import Runs

extension Parts {
    /// What looks after the pods of project and benchmark in the measured window.
    func watch(_ context: Context) -> PodWatch {
        var footprint = footprint(.project, context)
        footprint.add(self.footprint(.benchmark, context))
        let watch = PodWatch(kubectl: kubectl, pods: footprint.pods)
        watch.everyMilliseconds = request.durations.poll
        return watch
    }

    /// The pods of a part that lived in the measured window, whenever they came.
    func lived(_ part: Part, in watch: PodWatch, _ context: Context) -> JSON {
        watch.lived(of: footprint(part, context).pods)
    }

    private func footprint(_ part: Part, _ context: Context) -> Footprint {
        Footprint(json: context.detail(of: part == .project ? .ready : .benchmark)["footprint"])
    }
}
