"""Containers as real processes, in cgroups and with a log tree named as a kubelet's with containerd and the systemd
driver are: kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod<UID>.slice/cri-containerd-<ID>.scope."""

import os
import shutil
import signal
import subprocess
import time

# Spins and sleeps for 10 ms each.
BUSY = ['python3', '-c', 'import time\nwhile True:\n    end = time.monotonic() + 0.01\n    while time.monotonic() < end'
        ': pass\n    time.sleep(0.01)']


def mount():
    """Where cgroup2 is mounted."""
    with open('/proc/mounts') as file:
        for line in file:
            words = line.split()
            if words[2] == 'cgroup2':
                return words[1]
    raise SystemExit('no cgroup2 is mounted')


class Process:
    """One run of a container."""

    def __init__(self, child, scope, log, ending):
        self.child, self.scope, self.log, self.ending = child, scope, log, ending
        self.started = time.monotonic()
        self.facts = {}

    def poll(self):
        """The exit code, None while it runs."""
        ending = self.ending()
        if ending and time.monotonic() - self.started >= ending.get('after', 0) and self.child.poll() is None:
            with open(self.log, 'a') as file:
                file.writelines(line + '\n' for line in ending.get('log', []))
            self.kill()
            return ending.get('code', 137)
        code = self.child.poll()
        if code is None:
            return None
        self.kill()
        return code if code >= 0 else 128 - code

    def text(self):
        try:
            with open(self.log, errors='replace') as file:
                return file.read()
        except OSError:
            return ''

    def kill(self):
        """Ends all that runs in the cgroup, and takes it away."""
        try:
            with open(self.scope + '/cgroup.kill', 'w') as file:
                file.write('1')
        except OSError:
            try:
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.child.wait()
        for _ in range(200):
            try:
                return os.rmdir(self.scope)
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.005)


class Runtime:
    """What containerd and the kubelet do on the node's file system."""

    def __init__(self, switches):
        self.switches = switches
        self.burstable = mount() + '/kubepods.slice/kubepods-burstable.slice'
        self.logs = switches.get('logs')
        self.slices = {}
        self.folders = {}
        # setpriv ends the process when the emulator is gone, however it went.
        self.leash = [shutil.which('setpriv'), '--pdeathsig', 'KILL', '--'] if shutil.which('setpriv') else []

    def start(self, kubelet, pod, spec, container):
        metadata = pod['metadata']
        uid = metadata['uid']
        slice_path = self.slices[uid] = '%s/kubepods-burstable-pod%s.slice' % (
            self.burstable, uid.replace('-', '_'))
        scope = '%s/cri-containerd-%s.scope' % (slice_path, container.id)
        for _ in range(20):
            try:
                os.makedirs(scope, exist_ok=True)
                break
            except FileNotFoundError:
                # Another emulator took an empty parent away meanwhile.
                continue
        log = self._log(metadata, container)
        command = (spec.get('command') or []) + (spec.get('args') or [])
        environment = dict(os.environ, **{one['name']: one.get('value', '') for one in spec.get('env', [])})
        with open(log, 'ab') as file:
            child = subprocess.Popen(
                ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', scope + '/cgroup.procs'] + self.leash
                + (command or self.switches.get('command') or BUSY),
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment, start_new_session=True)
        restarts = container.restarts
        run = Process(child, scope, log, lambda: kubelet.ending(pod, restarts))
        run.facts = {'pod': metadata['name'], 'namespace': metadata['namespace'], 'uid': uid,
                     'container': container.name, 'id': container.id, 'pid': child.pid, 'cgroup': scope}
        return run

    def _log(self, metadata, container):
        name = '%s_%s_%s' % (metadata['namespace'], metadata['name'], metadata['uid'])
        folder = '%s/pods/%s/%s' % (self.logs, name, container.name)
        os.makedirs(folder, exist_ok=True)
        os.makedirs(self.logs + '/containers', exist_ok=True)
        log = '%s/%d.log' % (folder, container.restarts)
        link = '%s/containers/%s_%s_%s-%s.log' % (
            self.logs, metadata['name'], metadata['namespace'], container.name, container.id)
        os.symlink(log, link)
        self.folders.setdefault(metadata['uid'], []).extend([link, '%s/pods/%s' % (self.logs, name)])
        return log

    def remove(self, uid):
        """What a pod leaves, once its processes are gone."""
        for path in self.folders.pop(uid, []):
            if os.path.islink(path):
                os.unlink(path)
            else:
                shutil.rmtree(path, ignore_errors=True)
        if uid in self.slices:
            self._rmdir(self.slices.pop(uid))

    def end(self):
        for uid in list(self.slices):
            self.remove(uid)
        self._rmdir(self.burstable)
        self._rmdir(os.path.dirname(self.burstable))

    @staticmethod
    def _rmdir(path):
        try:
            os.rmdir(path)
        except OSError:
            pass
