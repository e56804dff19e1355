"""The emulated kubelet: takes pods from Pending to Ready, ends and restarts their containers, keeps their logs."""

import hashlib

from cluster_processes import Process, Runtime
from cluster_store import now_text


class Timed:
    """A container that is no process: it ends when its behaviour says so."""

    def __init__(self, kubelet, pod, name, restarts):
        self.kubelet, self.pod, self.restarts = kubelet, pod, restarts
        self.started = kubelet.store.clock()
        self.job = pod['spec'].get('restartPolicy') in ('Never', 'OnFailure')
        behaviour = kubelet.behaviour(pod['metadata']['name'])
        self.lines = behaviour.get('log', ['%s/%s started' % (pod['metadata']['name'], name)])

    def poll(self):
        """The exit code, None while it runs."""
        ending = self.kubelet.ending(self.pod, self.restarts)
        after = ending.get('after', self.kubelet.seconds('job')) if ending or self.job else None
        if after is None or self.kubelet.store.clock() - self.started < after:
            return None
        self.lines = self.lines + ending.get('log', [])
        return ending.get('code', 0)

    def text(self):
        return ''.join(line + '\n' for line in self.lines)

    def kill(self):
        pass


class Container:
    """One container of a pod: what runs now, and what its last run left."""

    def __init__(self, name):
        self.name = name
        self.id = None
        self.run = None
        self.began = None
        self.restarts = 0
        self.code = None
        self.ended = None
        self.previous = None
        self.last = None


class Kubelet:
    """All nodes' kubelets in one."""

    def __init__(self, store, switches, seconds):
        self.store = store
        self.switches = switches
        self.seconds = seconds
        self.runtime = Runtime(switches) if switches.get('processes') else None
        # Containers of the pods that have been started, by the pod's UID.
        self.pods = {}

    def behaviour(self, name):
        """What the switch `pods` says of a pod: the longest beginning wins."""
        fits = [key for key in self.switches.get('pods', {}) if name.startswith(key)]
        return self.switches['pods'][max(fits, key=len)] if fits else {}

    def ending(self, pod, restarts):
        """How a container's run is to end, empty if it is not."""
        ending = self.behaviour(pod['metadata']['name']).get('exit', {})
        return ending if restarts < ending.get('times', 1 << 30) else {}

    @staticmethod
    def is_ready(pod):
        return any(one['type'] == 'Ready' and one['status'] == 'True' for one in pod['status'].get('conditions', []))

    def log(self, pod, name, previous):
        """The log of a container or of its last run; None if there is none."""
        for container in self.pods.get(pod['metadata']['uid'], []):
            if container.name == name:
                if previous:
                    return container.previous
                return container.run.text() if container.run else container.previous
        return None

    def processes(self):
        """Of each container that is a process: where it is."""
        return [container.run.facts for containers in self.pods.values() for container in containers
                if isinstance(container.run, Process)]

    def end(self):
        for containers in self.pods.values():
            for container in containers:
                if container.run:
                    container.run.kill()
        if self.runtime:
            self.runtime.end()

    def step(self):
        pods = self.store.list('Pod')
        known = {pod['metadata']['uid'] for pod in pods}
        for uid in [uid for uid in self.pods if uid not in known]:
            self._stop(uid)
        for pod in pods:
            if 'deletionTimestamp' in pod['metadata']:
                outlive = self.behaviour(pod['metadata']['name']).get('outlive', self.seconds('terminate'))
                if outlive != 'never' and self.store.dying_for(pod) >= outlive:
                    self._stop(pod['metadata']['uid'])
                    self.store.remove(pod)
                    continue
            self._live(pod)

    def _stop(self, uid):
        for container in self.pods.pop(uid, []):
            if container.run:
                container.run.kill()
        if self.runtime:
            self.runtime.remove(uid)

    def _live(self, pod):
        uid = pod['metadata']['uid']
        behaviour = self.behaviour(pod['metadata']['name'])
        if not pod['spec'].get('nodeName'):
            wanted = pod['spec'].get('nodeSelector', {})
            nodes = [node['metadata']['name'] for node in self.store.list('Node')
                     if wanted.items() <= node['metadata']['labels'].items()]
            if nodes:
                pod = self.store.change(pod, lambda new: new['spec'].update(nodeName=nodes[0]))
        if uid not in self.pods and pod['spec'].get('nodeName') and behaviour.get('pull') != 'never' \
                and self.store.age(pod) >= self.seconds('start') and 'deletionTimestamp' not in pod['metadata'] \
                and pod.get('status', {}).get('phase') not in ('Failed', 'Succeeded'):
            self.pods[uid] = [Container(container['name']) for container in pod['spec'].get('containers', [])]
            for container in self.pods[uid]:
                self._start(pod, container)
        policy = pod['spec'].get('restartPolicy', 'Always')
        for container in self.pods.get(uid, []):
            code = container.run.poll() if container.run else None
            if code is not None:
                container.code, container.ended, container.ended_text = code, self.store.clock(), now_text()
                container.previous, container.run = container.run.text(), None
            again = policy == 'Always' or (policy == 'OnFailure' and container.code != 0)
            if container.run is None and again and 'deletionTimestamp' not in pod['metadata'] \
                    and self.store.clock() - container.ended >= self._backoff(container):
                container.last = self._terminated(pod, container)
                container.restarts += 1
                self._start(pod, container)
        self.store.change(pod, lambda new: new.update(status=self._status(pod, behaviour, policy)))

    def _backoff(self, container):
        return self.seconds('backoff') if container.restarts else 0.05

    def _start(self, pod, container):
        container.began, container.began_text = self.store.clock(), now_text()
        seed = '%s/%s/%d' % (pod['metadata']['uid'], container.name, container.restarts)
        container.id = hashlib.sha256(seed.encode()).hexdigest()
        container.code = None
        if self.runtime:
            spec = next(one for one in pod['spec']['containers'] if one['name'] == container.name)
            container.run = self.runtime.start(self, pod, spec, container)
        else:
            container.run = Timed(self, pod, container.name, container.restarts)

    def _terminated(self, pod, container):
        ending = self.behaviour(pod['metadata']['name']).get('exit', {})
        return {'exitCode': container.code, 'startedAt': container.began_text, 'finishedAt': container.ended_text,
                'reason': ending.get('reason', 'Error' if container.code else 'Completed'),
                'containerID': 'containerd://' + container.id}

    def _status(self, pod, behaviour, policy):
        containers = self.pods.get(pod['metadata']['uid'])
        old = pod.get('status', {})
        if containers is None and old.get('phase') in ('Failed', 'Succeeded', 'Running'):
            return old
        wait = behaviour.get('ready', self.seconds('ready'))
        shown = []
        for index, spec in enumerate(pod['spec'].get('containers', [])):
            image = behaviour.get('image', spec.get('image', ''))
            one = {'name': spec['name'], 'image': image, 'ready': False, 'started': False, 'restartCount': 0,
                   'imageID': '', 'lastState': {}}
            if containers is None:
                reason = 'ImagePullBackOff' if behaviour.get('pull') == 'never' else 'ContainerCreating'
                one['state'] = {'waiting': {'reason': reason, 'message': 'Back-off pulling image "%s"' % image
                                            if reason == 'ImagePullBackOff' else ''}}
            else:
                container = containers[index]
                one['restartCount'] = container.restarts
                one['imageID'] = '%s@sha256:%s' % (
                    image.rsplit(':', 1)[0], hashlib.sha256(image.encode()).hexdigest())
                one['containerID'] = 'containerd://' + container.id
                if container.last:
                    one['lastState'] = {'terminated': container.last}
                if container.run:
                    one['ready'] = wait != 'never' and self.store.clock() - container.began >= wait
                    one['started'] = True
                    one['state'] = {'running': {'startedAt': container.began_text}}
                elif policy == 'Always' or (policy == 'OnFailure' and container.code != 0):
                    one['lastState'] = {'terminated': self._terminated(pod, container)}
                    one['state'] = {'waiting': {'reason': 'CrashLoopBackOff', 'message': 'back-off restarting failed '
                                                'container %s' % spec['name']}}
                else:
                    one['state'] = {'terminated': self._terminated(pod, container)}
            shown.append(one)
        ended = [one['state']['terminated']['exitCode'] for one in shown if 'terminated' in one['state']]
        phase = 'Pending'
        if containers is not None:
            phase = 'Running'
            if shown and len(ended) == len(shown):
                phase = 'Failed' if any(ended) else 'Succeeded'
        ready = phase == 'Running' and all(one['ready'] for one in shown)
        scheduled = bool(pod['spec'].get('nodeName'))
        changed = {one['type']: one for one in old.get('conditions', [])}

        def condition(name, truth, reason=''):
            text = 'True' if truth else 'False'
            before = changed.get(name, {})
            found = {'type': name, 'status': text, 'lastProbeTime': None,
                     'lastTransitionTime': before['lastTransitionTime'] if before.get('status') == text
                     else now_text()}
            if not truth and reason:
                found['reason'] = reason
            return found
        unready = 'PodCompleted' if phase == 'Succeeded' else 'ContainersNotReady'
        return {'phase': phase, 'qosClass': 'Burstable', 'containerStatuses': shown,
                'conditions': [condition('PodScheduled', scheduled, 'Unschedulable'), condition('Initialized', True),
                               condition('Ready', ready, unready), condition('ContainersReady', ready, unready)],
                'podIP': '10.42.0.%d' % (int(pod['metadata']['uid'][:2], 16)), 'hostIP': '192.0.2.1',
                'startTime': old.get('startTime', now_text())}
