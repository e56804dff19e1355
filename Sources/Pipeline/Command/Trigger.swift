import Glibc
import Host

extension Subcommand {
    static let trigger = Subcommand(
        name: "trigger",
        summary: "Finds new releases of the projects and has each configuration measured once",
        usage: "[OPTIONS] [-- OPTIONS OF brahe pipeline]",
        options: [
            Option(name: "--projects", value: "FILE", help: "the projects (default projects/projects.json)"),
            Option(name: "--project", value: "NAME", help: "this project only"),
            Option(name: "--config", value: "NAME", help: "this configuration only"),
            Option(name: "--version", value: "VERSION", help: "exactly this version, once more; wants --project"),
            Option(name: "--repository", value: "OWNER/REPO", help: "of the pipeline (default $GITHUB_REPOSITORY)"),
            Option(name: "--workflow", value: "FILE", help: "its workflow (default benchmark-pipeline.yaml)"),
            Option(name: "--ref", value: "REF", help: "its branch or tag (default $GITHUB_REF_NAME or main)"),
            Option(name: "--state", value: "PLACE", help: "a folder, or configmap:NAMESPACE/NAME (default trigger)"),
            Option(name: "--kubeconfig", value: "FILE", help: "the cluster of that ConfigMap (default $KUBECONFIG)"),
            Option(name: "--context", value: "NAME", help: "its context in that file"),
            Option(name: "--kubectl", value: "PROGRAM", help: "the kubectl to use (default kubectl)"),
            Option(name: "--force", value: nil, help: "measure once more what was measured"),
            Option(name: "--repeat", value: "N", help: "runs of each configuration (default projects.json's, or 1)"),
            Option(name: "--tries", value: "N", help: "how many runs may fail or be dropped in a row (default 3)"),
            Option(name: "--wait", value: "FOR", help: "none, started or completed runs (default started)"),
            Option(name: "--start-timeout", value: "TIME", help: "for a run to begin (default 2h)"),
            Option(name: "--run-timeout", value: "TIME", help: "for a run to end, with --wait completed (default 6h)"),
            Option(name: "--max-wait", value: "TIME", help: "for GitHub's rate limits (default 15m)"),
            Option(name: "--poll", value: "TIME", help: "between two looks at a run (default 10s)"),
            Option(name: "--look-time", value: "TIME", help: "for a run to show up (default 30s)"),
            Option(name: "--quiet-time", value: "TIME", help: "after which it was never started (default 10m)"),
            Option(name: "--write-pause", value: "TIME", help: "between two dispatches (default 1s)"),
            Option(name: "--request-timeout", value: "TIME", help: "for one answer of GitHub (default 15s)"),
            Option(name: "--github-api", value: "URL", help: "default $GITHUB_API_URL or https://api.github.com"),
            Option(name: "--token-file", value: "FILE", help: "the token (default $GITHUB_TOKEN or $GH_TOKEN)"),
            Option(name: "--plan", value: nil, help: "show every request and make none; also --dry-run"),
            Option(name: "--dry-run", value: nil, help: "the same"),
            Option(name: "--local", value: nil, help: "run the pipeline here instead of dispatching it"),
            Option(name: "--watch", value: nil, help: "do so every day, until a signal"),
            Option(name: "--at", value: "TIME", help: "with --watch: when, in UTC (default 08:00Z)"),
            Option(name: "--window", value: "TIME", help: "with --watch: how much later at most, for cleaner power"),
            Option(
                name: "--forecast", value: "PLACE", help: "the carbon intensities to choose by: a file or an address"),
            Option(name: "--forecast-header", value: "FILE", help: "a header for that address, like auth-token: ..."),
            Option(name: "--duration", value: "TIME", help: "how long the runs take (default 20m)"),
        ],
        run: performTrigger)

    private static func performTrigger(_ options: Options) throws(Failure) -> Int32 {
        let settings = try TriggerSettings(options)
        if settings.planned {
            write(try TriggerPlan(settings).text(), to: STDOUT_FILENO)
            return 0
        }
        Interruption.hold()
        if let watch = settings.watch {
            return try watch.run { () throws(Failure) in
                var round = try TriggerRound(settings)
                return try round.run()
            }
        }
        var round = try TriggerRound(settings)
        return try round.run()
    }
}
