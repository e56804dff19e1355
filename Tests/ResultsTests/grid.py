"""Answers in the order of a script: what stands in for Electricity Maps and WattTime.

The script is a JSON array of {"path", "status", "headers", "body"} on stdin's first line. Each request is answered by the
next entry whose path begins the request's, and told of on stdout as a line of JSON; another one gets 404. Ends with its
stdin.
"""

import http.server
import json
import os
import sys
import threading

script = json.loads(sys.stdin.readline())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(json.dumps({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}), flush=True)
        place = next((i for i, e in enumerate(script) if self.path.startswith(e["path"])), None)
        entry = {"status": 404, "body": "no such page"} if place is None else script.pop(place)
        body = entry.get("body", "")
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(entry.get("status", 200))
        for name, value in entry.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print(server.server_port, flush=True)
server.serve_forever()
