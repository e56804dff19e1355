/// The page at `/`.
enum LandingPage {
    /// HTML with the agent's name, its version and links; `metrics` is a path that needs no escape.
    static func html(version: String, metrics: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>brahe-agent</title>
        <style>body { font: 16px/1.5 sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em; }</style>
        </head>
        <body>
        <h1>brahe-agent</h1>
        <p>Energy and CPU time of every container of this node. Version \(version).</p>
        <ul>
        <li><a href="\(metrics)">Metrics</a></li>
        <li><a href="/healthz">Health</a></li>
        <li><a href="/readyz">Readiness</a></li>
        </ul>
        </body>
        </html>

        """
    }
}
