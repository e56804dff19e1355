"""Plays Kepler 0.7 on a node of an emulated cluster, with powers that are known.

    python3 kepler_node.py CLUSTER WATTS PARENT

CLUSTER is the emulated cluster's address, whose pods it lists; WATTS is JSON: {"package": [idle, dynamic], "dram": [idle,
dynamic], "pods": {"beginning of a pod's name": [idle, dynamic]}}, each constant from when the pod is first seen. It listens on
127.0.0.1, prints its port on one line, and ends on SIGTERM or when the parent is gone.

Names and labels are those of 0.7.12: github.com/sustainable-computing-io/kepler, pkg/metrics. As there, whatever is not
known is answered by a page for browsers, whatever the method.
"""

import http.server
import json
import os
import sys
import threading
import time
import urllib.request

CLUSTER, WATTS, PARENT = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
BEGAN = time.time()
LANDING = "<html>\n<head><title>Energy Stats Exporter</title></head>\n<body><h1>Energy Stats Exporter</h1></body>\n</html>"
seen = {}
lock = threading.Lock()


def containers():
    """Of each container that runs: its id, pod, name, namespace, powers and when it was first seen."""
    with urllib.request.urlopen(CLUSTER + "/emulator", timeout=10) as answer:
        objects = json.load(answer)["objects"]
    with lock:
        for pod in objects:
            if pod["kind"] != "Pod":
                continue
            meta = pod["metadata"]
            watts = next((w for name, w in WATTS["pods"].items() if meta["name"].startswith(name)), [0, 0])
            for status in pod.get("status", {}).get("containerStatuses", []):
                if "running" in status.get("state", {}):
                    one = status["containerID"].split("//")[1]
                    seen.setdefault(one, (meta["name"], status["name"], meta["namespace"], watts, time.time()))
        return dict(seen)


def series(name, value, **labels):
    return "%s{%s} %s\n" % (name, ",".join('%s="%s"' % pair for pair in labels.items()), value)


def joules(watts, since, now):
    """Millijoules are counted as integers and shown as joules."""
    return int(watts * (now - since) * 1000) / 1000


def page():
    listed = containers()
    now = time.time()
    text = ["# TYPE kepler_node_package_joules_total counter\n"]
    for index, mode in enumerate(["idle", "dynamic"]):
        for zone in ["package", "core", "uncore", "dram", "other", "platform"]:
            watts = WATTS.get(zone, [0, 0])[index]
            source = "rapl-sysfs" if zone in WATTS else ""
            text.append(series("kepler_node_%s_joules_total" % zone, joules(watts, BEGAN, now), instance="node-1",
                               mode=mode, package="0", source=source))
        system = {"container_id": "system_processes", "container_name": "system_processes",
                  "container_namespace": "system", "pod_name": "system_processes"}
        text.append(series("kepler_container_joules_total", 0, **system, mode=mode, source=""))
        for one, (pod, name, namespace, watts, since) in listed.items():
            labels = {"container_id": one, "container_name": name, "container_namespace": namespace, "pod_name": pod}
            used = joules(watts[index], since, now)
            text.append(series("kepler_container_joules_total", used, **labels, mode=mode, source=""))
            text.append(series("kepler_container_package_joules_total", used, **labels, mode=mode,
                               source="rapl-sysfs"))
    for one, (pod, name, namespace, watts, since) in listed.items():
        text.append(series("kepler_container_bpf_cpu_time_ms_total", int(500 * (now - since)), container_id=one,
                           container_name=name, container_namespace=namespace, pod_name=pod, source="bpf"))
    text.append(series("kepler_node_info", 1, components_power_source="rapl-sysfs", cpu_architecture="Sapphire Rapids",
                       platform_power_source="none", source="os"))
    text.append(series("kepler_exporter_build_info", 1, arch="amd64", branch="main", os="linux", revision="0",
                       version="v0.7.12"))
    text.append("process_start_time_seconds %.2f\n" % BEGAN)
    return "".join(text)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = (page() if self.path == "/metrics" else LANDING).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def end_with_parent():
    while os.path.exists("/proc/%d" % PARENT):
        time.sleep(0.5)
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
