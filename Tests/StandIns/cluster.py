"""An emulated cluster: an API server good enough for real kubectl, Flux's controllers, workloads, a kubelet.

    python3 cluster.py [--config FILE] [--parent PID]

It listens on 127.0.0.1, prints its port on one line, and ends on SIGTERM or when the parent is gone. The config is the
JSON object of switches below. At run time, POST /emulator takes a JSON object:

    switches   merged into the switches, null removes one
    away       seconds for which no request is answered: connections are closed
    delete     [{"kind", "namespace", "name"}] taken away at once, finalizers or not; a name is that or its beginning
    put        [object] made, or put in the place of what is there, status too

and GET /emulator answers {"objects", "requests": [{"method", "path", "agent", "status", "at"}], "processes"}.

Switches:
    nodes       [{"name", "labels"?}] or names; default one `node-1`
    namespaces  made at the start; default `default`, `kube-system`, `flux-system`, `benchmark`
    served      {resource or group: [versions]} instead of what cluster_kinds.py says; [] is not installed
    forbidden   ["leases.coordination.k8s.io", "pods/create", ...] answered by 403
    unauthorized  true: 401 for everything
    failing     an HTTP status to answer to everything, like 503
    conflicts   so many next writes are answered by 409
    seconds     {"source", "reconcile", "start", "ready", "terminate", "collect", "job", "backoff"}: delays
    workloads   {"NAME" or "NAMESPACE/NAME" of a Kustomization or HelmRelease: [object, or
                {"kind", "name", "images": [..], "command"?, "namespace"?, "labels"?, "replicas"?}]}
    flux        {"NAME" of a Kustomization or HelmRelease, or "KIND/NAME": behaviour (cluster_flux.py)}
    pods        {beginning of a pod's name: behaviour (cluster_workloads.py)}
    processes   true: containers are real processes in cgroups (cluster_processes.py), as root only
    command     what such a container runs that has no command of its own
    logs        the folder that stands for /var/log, for the kubelet's log tree
"""

import argparse
import copy
import http.server
import json
import os
import signal
import sys
import threading
import time
import urllib.parse

# The tests' folder stays as it is.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from cluster_api import API, merge  # noqa: E402
from cluster_flux import Flux  # noqa: E402
from cluster_kinds import BY_KIND  # noqa: E402
from cluster_store import Store  # noqa: E402
from cluster_workloads import Workloads  # noqa: E402


class Cluster:
    """The store, the controllers that work on it, and what is remembered of requests."""

    def __init__(self, switches):
        self.switches = switches
        self.store = Store(switches)
        self.api = API(self.store, switches)
        self.workloads = Workloads(self.store, switches)
        self.flux = Flux(self.store, switches)
        self.requests = []
        self.away_until = 0.0
        with self.store.lock:
            for name in switches.get('namespaces', ['default', 'kube-system', 'flux-system', 'benchmark']):
                # What `flux install` labels its namespace with.
                flux = {'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/version': 'v2.8.0'}
                self.store.create(BY_KIND['Namespace'], None, {
                    'metadata': {'name': name, 'labels': flux if name == 'flux-system' else {}}})
            self.workloads.make_nodes()

    def control(self):
        """What controllers do, again and again."""
        while True:
            with self.store.lock:
                try:
                    self.flux.step()
                    self.workloads.step()
                except Exception:
                    import traceback
                    traceback.print_exc()
            time.sleep(0.02)

    def order(self, orders):
        """POST /emulator."""
        merge(self.switches, orders.get('switches', {}))
        if 'away' in orders:
            self.away_until = time.monotonic() + orders['away']
        for wanted in orders.get('delete', []):
            for thing in self.store.list(wanted['kind'], wanted.get('namespace')):
                if thing['metadata']['name'].startswith(wanted['name']):
                    self.store.remove(thing)
        for thing in orders.get('put', []):
            kind = BY_KIND[thing['kind']]
            metadata = thing['metadata']
            old = self.store.find(thing['kind'], metadata.get('namespace'), metadata['name'])
            if old is None:
                old = self.store.create(kind, metadata.get('namespace'), thing)
            self.store.put(dict(copy.deepcopy(thing), metadata=dict(old['metadata'], **metadata)))

    def view(self):
        """GET /emulator."""
        return {'objects': [dict(thing, apiVersion=self.api.api_version(BY_KIND[thing['kind']]))
                            for _, thing in sorted(self.store.objects.items())],
                'requests': self.requests, 'processes': self.workloads.processes()}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = 'HTTP/1.1'
    # Headers and body are written one after the other, and neither is to wait for an acknowledgement.
    disable_nagle_algorithm = True
    cluster = None

    def do(self):
        cluster = self.cluster
        body = self.body()
        split = urllib.parse.urlsplit(self.path)
        if split.path == '/emulator':
            with cluster.store.lock:
                if self.command == 'POST':
                    cluster.order(json.loads(body))
                answer = cluster.view() if self.command == 'GET' else {}
                return self.reply(200, answer)
        self.entry = {'method': self.command, 'path': self.path, 'agent': self.headers.get('User-Agent', ''),
                      'at': time.time(), 'status': 0}
        with cluster.store.lock:
            cluster.requests.append(self.entry)
        if time.monotonic() < cluster.away_until:
            self.close_connection = True
            return
        query = {key: values[-1] for key, values in
                 urllib.parse.parse_qs(split.query, keep_blank_values=True).items()}
        status, answer = cluster.api.answer(
            self.command, split.path, query, self.headers.get('Content-Type', ''), body)
        if callable(answer):
            return self.watch(answer)
        self.reply(status, answer)

    def body(self):
        """The request's body; kubectl sends what it reads from stdin in chunks."""
        if self.headers.get('Transfer-Encoding', '').lower() != 'chunked':
            length = int(self.headers.get('Content-Length') or 0)
            return self.rfile.read(length) if length else b''
        body = b''
        while size := int(self.rfile.readline().split(b';')[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def reply(self, status, answer):
        text = isinstance(answer, str)
        data = answer.encode() if text else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain' if text else 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def watch(self, events):
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for event in events():
            if time.monotonic() < self.cluster.away_until:
                self.close_connection = True
                return
            if event:
                line = json.dumps(event).encode() + b'\n'
                self.wfile.write(b'%x\r\n%s\r\n' % (len(line), line))
                self.wfile.flush()
        self.wfile.write(b'0\r\n\r\n')

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_request(self, code='-', size='-'):
        if hasattr(self, 'entry'):
            self.entry['status'] = int(code)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--config')
    parser.add_argument('--parent', type=int)
    options = parser.parse_args()
    switches = {}
    if options.config:
        with open(options.config) as file:
            switches = json.load(file)
    if switches.get('processes') and not switches.get('logs'):
        raise SystemExit('processes want a folder for logs')
    cluster = Handler.cluster = Cluster(switches)
    server = Server(('127.0.0.1', 0), Handler)
    ended = threading.Event()
    # Whoever starts us may have blocked them, as the threads of a test do.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=cluster.control, daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    while not ended.wait(0.2):
        if options.parent and not os.path.exists('/proc/%d' % options.parent):
            break
    with cluster.store.lock:
        cluster.workloads.end()
    os._exit(0)


if __name__ == '__main__':
    main()
