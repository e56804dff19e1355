internal import Cluster
internal import Course
internal import Deployment
internal import Documents
internal import Host
internal import Runs

extension Parts {
    /// What looks after the pods of project and benchmark in the measured window.
    func watch(_ context: Context) -> PodWatch {
        var selections: [PodWatch.Selection] = []
        for step in [Step.ready, .benchmark] {
            for pods in Footprint(json: context.detail(of: step)["footprint"]).pods {
                selections.append(PodWatch.Selection(namespace: pods.namespace, selector: pods.selector))
            }
        }
        let watch = PodWatch(kubectl: kubectl, selections: selections)
        watch.everyMilliseconds = request.durations.poll
        return watch
    }
}
