"""Plays Kepler's exporters of three generations, whose watts are known.

usage: kepler.py GENERATION...; each of 0.3, 0.3-stat (the node only as labels of node_energy_stat), 0.7 and 0.10, each on
a port of its own, which is printed. GET /metrics is the page. GET /end ends the pod `load` and begins the pod `late`.
GET /truth?from=MS&to=MS tells what was drawn meanwhile, in joules: of the node by zone, and of each pod, package and dram.

Names, labels, units and habits are those of v0.3.0, v0.7.12 and v0.10.0: 0.3 shows the energy of the last three seconds, 0.7
keeps what has ended, 0.10 shows it once more as terminated, and its zones overlap.
"""

import http.server
import json
import threading
import time
import urllib.parse

import sys

BEGIN = time.time() - 30.0
NODE = {"package": 40.0, "dram": 5.0, "core": 25.0, "psys": 60.0}
IDLE = {"package": 10.0, "dram": 1.0, "core": 5.0, "psys": 15.0}
PODS = {  # Watts of package and dram; core is half of package.
    "web-7d9c5b7f4-x2x9k": (12.0, 2.0), "load-q8w7e": (6.0, 1.0), "late-q8w7e": (4.0, 0.5)}
SPAN = {name: [BEGIN, float("inf")] for name in PODS}
SPAN["late-q8w7e"] = [float("inf"), float("inf")]
lock = threading.Lock()


def overlap(name, start, end):
    first, last = SPAN[name]
    return max(0.0, min(last, end) - max(first, start))


def joules(name, zone, start, end):
    package, dram = PODS[name]
    watts = {"package": package, "dram": dram, "core": package / 2, "psys": (package + dram) * 1.2}[zone]
    return watts * overlap(name, start, end)


def truth(start, end):
    found = {"node": {zone: watts * (end - start) for zone, watts in NODE.items()}}
    found["pods"] = {name: joules(name, "package", start, end) + joules(name, "dram", start, end) for name in PODS}
    return found


def line(name, labels, value):
    return name + "{" + ",".join(f'{key}="{word}"' for key, word in labels.items()) + "} " + str(value) + "\n"


def first(now, stat):
    tick = BEGIN + (now - BEGIN) // 3 * 3
    page = "# TYPE node_energy_stat counter\n"
    node = {"pkg": "package", "core": "core", "dram": "dram"}
    numbers = {zone: int(NODE[node[zone]] * 3) if zone in node else 0
               for zone in ["core", "dram", "gpu", "other", "pkg", "uncore"]}
    labels = {"node_name": "n03", "cpu_architecture": "Skylake", "node_curr_cpu_time": f"{int(tick) % 10007}"}
    page += line("node_energy_stat", labels | {
        f"node_curr_energy_in_{zone}_joule": f"{value:f}" for zone, value in numbers.items()}, 0)
    for zone, value in numbers.items():
        if not stat:
            page += line(f"node_curr_energy_in_{zone}_joule", {"instance": "n03"}, value)
    for name in PODS:
        if SPAN[name][0] > tick:
            continue
        labels = {"pod_name": name, "pod_namespace": "shop", "command": name[:10]}
        for zone in numbers:
            value = total = 0
            if zone in node:
                value = int(joules(name, node[zone], tick - 3, tick) * 1000)
                total = int(joules(name, node[zone], BEGIN, tick) * 1000)
            page += line(f"pod_curr_energy_in_{zone}_millijoule", labels, value)
            page += line(f"pod_total_energy_in_{zone}_millijoule", labels, total)
    return page


def second(now):
    def cut(value):
        return int(value * 1000) / 1000
    page = line("kepler_exporter_build_info", {"version": "v0.7.12", "branch": "main"}, 1)
    page += line("kepler_node_info", {"components_power_source": "rapl-sysfs", "source": "os"}, 1)
    for zone in ["package", "core", "dram", "uncore", "other", "platform"]:
        for mode in ["dynamic", "idle"]:
            watts = NODE.get(zone, 0) - IDLE.get(zone, 0) if mode == "dynamic" else IDLE.get(zone, 0)
            page += line(f"kepler_node_{zone}_joules_total", {
                "instance": "n07", "mode": mode, "package": "0", "source": "rapl-sysfs"}, cut(watts * (now - BEGIN)))
    for index, name in enumerate(PODS):
        if SPAN[name][0] > now:
            continue
        labels = {"container_id": f"{index:064x}", "container_name": "app", "container_namespace": "shop",
                  "pod_name": name}
        for mode in ["dynamic", "idle"]:
            sums = 0
            for zone in ["package", "core", "dram", "uncore", "other", "platform"]:
                known = zone in ["package", "core", "dram"] and mode == "dynamic"
                value = cut(joules(name, zone, BEGIN, now)) if known else 0
                sums += value if zone in ["package", "dram", "other"] else 0
                if mode == "dynamic":
                    page += line(f"kepler_container_{zone}_joules_total",
                                 labels | {"mode": mode, "source": "rapl-sysfs"}, value)
            page += line("kepler_container_joules_total", labels | {"mode": mode, "source": ""}, sums)
    for name in ["kernel_processes", "system_processes"]:
        space = name.split("_")[0]
        page += line("kepler_container_joules_total", {
            "container_id": name, "container_name": name, "container_namespace": space, "pod_name": name,
            "mode": "dynamic", "source": ""}, cut(1.5 * (now - BEGIN)))
    return page


def third(now, shown):
    page = line("kepler_build_info", {"version": "v0.10.0", "branch": "main"}, 1)
    page += line("kepler_node_cpu_usage_ratio", {"node_name": "n10"}, 0.5)
    for zone, watts in NODE.items():
        labels = {"node_name": "n10", "path": f"/sys/class/powercap/intel-rapl/{zone}", "zone": zone}
        for state, part in [("", watts), ("active_", watts - IDLE[zone]), ("idle_", IDLE[zone])]:
            page += line(f"kepler_node_cpu_{state}joules_total", labels, 54321.5 + part * (now - BEGIN))
            page += line(f"kepler_node_cpu_{state}watts", labels, part)
    for name in PODS:
        began, ended = SPAN[name]
        if began > now or name in shown:
            continue
        state = "running" if ended > now else "terminated"
        if state == "terminated":
            shown.add(name)
        for zone in NODE:
            value = joules(name, zone, BEGIN, now)
            labels = {"node_name": "n10", "pod_id": "uid-" + name, "state": state, "zone": zone}
            page += line("kepler_pod_cpu_joules_total", labels | {"pod_name": name, "pod_namespace": "shop"}, value)
            page += line("kepler_container_cpu_joules_total", labels | {
                "container_id": f"id-{name}", "container_name": "app", "runtime": "containerd"}, value)
    return page


def server(generation):
    shown = set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            with lock:
                now = time.time()
                if url.path == "/metrics":
                    page = (first(now, generation.endswith("stat")) if generation.startswith("0.3")
                            else second(now) if generation == "0.7" else third(now, shown))
                    page += f"process_start_time_seconds {BEGIN}\n"
                elif url.path == "/end":
                    SPAN["load-q8w7e"][1] = SPAN["late-q8w7e"][0] = now
                    page = ""
                elif url.path == "/truth":
                    query = dict(urllib.parse.parse_qsl(url.query))
                    page = json.dumps(truth(int(query["from"]) / 1000, int(query["to"]) / 1000))
                else:
                    return self.send_error(404)
            body = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.send_error(404)

        def log_message(self, *_):
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)


servers = [server(generation) for generation in sys.argv[1:]]
for one in servers:
    threading.Thread(target=one.serve_forever, daemon=True).start()
    print(one.server_port, flush=True)
print("ready", flush=True)
threading.Event().wait()
