#!/usr/bin/env python3
"""A stand-in for GitHub's REST API, as far as brahe uses it.

usage: github.py SCRIPT LOG [PORT]

Listens on 127.0.0.1 and prints the port. Each request becomes one line of JSON in LOG: method, path, body, whether the
token of the script was sent, the conditional header, and the time in seconds.

SCRIPT is JSON:
  token    what Authorization must carry; absent: anything goes
  routes   {"GET /path": [ANSWER, ...]}: the answers to a path in order, the last one again and again
  runs     the model of workflow runs, see Model

ANSWER has status (200), headers, body (a value of JSON), etag (answers 304 to a request that names it), delay_ms, and
for a dispatch:
  accept   true: the run is recorded although the answer says something else
  lost     true: the connection is closed without an answer
A header's value `now+N` is the time in N seconds. A dispatch without an ANSWER left is accepted.
"""

import json
import re
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Run:
    def __init__(self, number, title, ref, now):
        self.id = number
        self.title = title
        self.ref = ref
        self.created = now
        self.eligible = None  # when it got its place in the concurrency group
        self.began = None  # when a machine took its first job
        self.ended = None
        self.conclusion = None

    def status(self):
        if self.ended is not None:
            return "completed"
        if self.began is not None:
            return "in_progress"
        return "queued" if self.eligible is not None else "pending"


class Model:
    """Workflow runs under `concurrency` without cancel-in-progress: one runs, one waits, a third cancels the waiting.

    start_ms     from a run's turn to its first job (100)
    duration_ms  of a run (300)
    list_lag_ms  before a run shows in lists (0)
    details      true: knows return_run_details (true)
    titled       true: the workflow has a run-name (true)
    drop         the numbers, from 1, of the dispatched runs that are cancelled before they begin
    fail         the numbers of the runs that end with failure
    group        false: no concurrency at all
    earlier      titles of runs that are there from the beginning
    """

    def __init__(self, script):
        self.script = script
        self.lock = threading.RLock()
        self.runs = []
        self.number = 0
        for title in script.get("earlier", []):
            run = Run(9000 + len(self.runs), title, "main", time.time() - 60)
            run.eligible = run.began = run.created
            self.runs.append(run)
            run.ended = time.time()
            run.conclusion = "success"

    def setting(self, name, value):
        return self.script.get(name, value)

    def dispatch(self, body):
        with self.lock:
            now = time.time()
            self.advance(now)
            self.number += 1
            inputs = body.get("inputs", {})
            words = [inputs.get("cncf_project", ""), inputs.get("config", ""), inputs.get("version", "")]
            title = " ".join(words) if self.setting("titled", True) else "Benchmark pipeline"
            run = Run(11538800000 + self.number, title, body.get("ref", ""), now)
            run.order = self.number
            if self.setting("group", True):
                for other in self.runs:
                    if other.status() == "pending":
                        self.cancel(other, now)
            self.runs.append(run)
            self.advance(now)
            return run

    def cancel(self, run, now):
        run.ended = now
        run.conclusion = "cancelled"

    def advance(self, now):
        """Lets everything happen that happens until now."""
        start = self.setting("start_ms", 100) / 1000
        duration = self.setting("duration_ms", 300) / 1000
        for run in self.runs:
            if run.ended is not None:
                continue
            if run.eligible is None:
                others = [other for other in self.runs if other is not run and other.id < run.id]
                if self.setting("group", True) and any(other.ended is None for other in others):
                    continue
                last = max([other.ended for other in others if other.ended] or [run.created])
                run.eligible = max(run.created, last) if self.setting("group", True) else run.created
            if run.began is None:
                if run.eligible + start > now:
                    continue
                if getattr(run, "order", 0) in self.setting("drop", []):
                    self.cancel(run, run.eligible + start)
                    continue
                run.began = run.eligible + start
            if run.began + duration <= now:
                run.ended = run.began + duration
                failed = getattr(run, "order", 0) in self.setting("fail", [])
                run.conclusion = "failure" if failed else "success"

    def show(self, run):
        return {
            "id": run.id, "name": "Benchmark pipeline", "display_title": run.title, "event": "workflow_dispatch",
            "head_branch": run.ref, "status": run.status(), "conclusion": run.conclusion,
            "created_at": iso(run.created), "html_url": "https://github.test/runs/%d" % run.id,
        }

    def list(self, query):
        with self.lock:
            now = time.time()
            self.advance(now)
            lag = self.setting("list_lag_ms", 0) / 1000
            shown = [run for run in self.runs if run.created + lag <= now]
            created = query.get("created", [""])[0]
            if created.startswith(">="):
                shown = [run for run in shown if iso(run.created) >= created[2:]]
            shown = [self.show(run) for run in reversed(shown)]
            return {"total_count": len(shown), "workflow_runs": shown}

    def find(self, number):
        with self.lock:
            self.advance(time.time())
            return next((run for run in self.runs if run.id == number), None)

    def jobs(self, run):
        if run.began is None:
            return {"total_count": 0, "jobs": []}
        job = {"id": run.id * 10, "run_id": run.id, "status": run.status(), "conclusion": run.conclusion,
               "runner_id": 7, "steps": [{"name": "Set up job", "number": 1}]}
        return {"total_count": 1, "jobs": [job]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.handle_request("")

    def do_POST(self):
        self.handle_request(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def handle_request(self, text):
        server = self.server
        path = urlsplit(self.path)
        authorization = self.headers.get("Authorization", "")
        token = server.script.get("token")
        known = token is not None and authorization in ("Bearer " + token, "token " + token)
        server.note({
            "method": self.command, "path": self.path, "body": json.loads(text) if text else None,
            "authorized": known, "if_none_match": self.headers.get("If-None-Match"), "time": time.time(),
        })
        if not self.headers.get("User-Agent"):
            return self.answer(403, {"message": "Request forbidden by administrative rules."})
        if self.headers.get("X-GitHub-Api-Version", "2022-11-28") not in ("2022-11-28", "2026-03-10"):
            return self.answer(400, {"message": "unsupported API version"})
        if path.path.endswith("/"):
            return self.answer(404, {"message": "Not Found"})
        if token is not None and authorization and not known:
            return self.answer(401, {"message": "Bad credentials"})
        scripted = server.next_answer(self.command + " " + path.path)
        run = re.fullmatch(r"/repos/[^/]+/[^/]+/actions/runs/(\d+)(/jobs)?", path.path)
        workflow = re.fullmatch(r"/repos/[^/]+/[^/]+/actions/workflows/[^/]+/(runs|dispatches)", path.path)
        if self.command == "POST" and workflow and workflow[1] == "dispatches":
            return self.dispatch(json.loads(text), scripted)
        if scripted is not None:
            return self.play(scripted)
        if self.command == "GET" and workflow and workflow[1] == "runs":
            return self.answer(200, server.model.list(parse_qs(path.query)))
        if self.command == "GET" and run:
            found = server.model.find(int(run[1]))
            if found:
                return self.answer(200, server.model.jobs(found) if run[2] else server.model.show(found))
        return self.answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})

    def dispatch(self, body, scripted):
        model = self.server.model
        details = model.setting("details", True)
        if scripted is not None:
            if scripted.get("accept"):
                model.dispatch(body)
            return self.play(scripted)
        if "return_run_details" in body and not details:
            return self.answer(422, {"message": "Invalid request.\n\n\"return_run_details\" is not a permitted key."})
        run = model.dispatch(body)
        if not body.get("return_run_details"):
            return self.answer(204, None)
        base = "http://127.0.0.1:%d/repos/o/r/actions/runs/" % self.server.server_port
        return self.answer(200, {"workflow_run_id": run.id, "run_url": base + str(run.id),
                                 "html_url": "https://github.test/runs/%d" % run.id})

    def play(self, scripted):
        time.sleep(scripted.get("delay_ms", 0) / 1000)
        if scripted.get("lost"):
            self.close_connection = True
            return None
        headers = dict(scripted.get("headers", {}))
        etag = scripted.get("etag")
        if etag:
            headers["ETag"] = etag
            if self.headers.get("If-None-Match") == etag:
                return self.answer(304, None, headers)
        return self.answer(scripted.get("status", 200), scripted.get("body"), headers)

    def answer(self, status, body, headers=None):
        data = b"" if body is None else json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                if str(value).startswith("now+"):
                    value = int(time.time()) + int(value[4:])
                self.send_header(name, str(value))
            if status not in (204, 304):
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if status not in (204, 304):
                self.wfile.write(data)
        except OSError:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script, log, port):
        super().__init__(("127.0.0.1", port), Handler)
        self.script = script
        self.model = Model(script.get("runs", {}))
        self.log = open(log, "a")
        self.lock = threading.Lock()
        self.played = {}

    def note(self, request):
        with self.lock:
            self.log.write(json.dumps(request) + "\n")
            self.log.flush()

    def next_answer(self, route):
        """The next scripted answer of a route; None if the model answers."""
        answers = self.script.get("routes", {}).get(route, [])
        with self.lock:
            index = self.played.get(route, 0)
            self.played[route] = index + 1
        if route.endswith("/dispatches"):
            found = answers[index] if index < len(answers) else None
        else:
            found = answers[min(index, len(answers) - 1)] if answers else None
        # `{}` in a list of dispatches is a dispatch like any other.
        return found or None


def main():
    with open(sys.argv[1]) as file:
        script = json.load(file)
    server = Server(script, sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
