"""Answers what no Prometheus and no agent can be made to answer: a file of routes says what.

usage: server.py ROUTES LOG. ROUTES is JSON: a path without its query to one answer or to several in turn, the last of
which stays: {"status": 200, "body": "...", "delay": seconds, "token": "wanted", "method": "POST"}. An answer may also be
{"file": PATH}, read each time, or {"copy": [FROM, TO]}, which makes the one file the other. Prints its port; every request
is a line of JSON in LOG.
"""

import http.server
import json
import shutil
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.split("?")[0]
        with open(sys.argv[2], "a") as log:
            log.write(json.dumps({"method": self.command, "path": self.path, "body": body,
                                  "authorization": self.headers.get("Authorization"),
                                  "scope": self.headers.get("X-Scope-OrgID")}) + "\n")
        route = routes.get(path, {"status": 404, "body": "404 page not found\n"})
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        time.sleep(route.get("delay", 0))
        status, text = route.get("status", 200), route.get("body", "")
        try:
            if "copy" in route:
                shutil.copyfile(*route["copy"])
            if "file" in route:
                text = open(route["file"]).read()
        except OSError as error:
            status, text = 503, f"{error}\n"
        if "token" in route and self.headers.get("Authorization") != "Bearer " + route["token"]:
            status, text = 401, "no such token\n"
        if "method" in route and self.command != route["method"]:
            status, text = 405, "Method Not Allowed\n"
        data = text.encode()
        self.send_response(status)
        # Without one Prometheus 3 scrapes nothing.
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(data) + route.get("short", 0)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


with open(sys.argv[1]) as file:
    routes = json.load(file)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
