"""The emulated controllers of workloads, the garbage collector and the namespaces' end.

Behaviour of pods, by the beginning of their names (switch `pods`):
    outlive   seconds that a pod lives on after it was asked to go, or "never" for one that does not go
    exit      {"after": s, "code": n, "reason"?, "log"?: [lines], "times"?: n}: its containers end so long after their
              start, so many times (default: always)
    image     what runs instead of the image asked for
    pull      "never": the image cannot be pulled
    ready     "never", or seconds after the start
    log       [lines] of its containers
"""

import copy
import hashlib
import json

from cluster_kinds import BY_KIND
from cluster_kubelet import Kubelet
from cluster_store import Refusal, now_text

SECONDS = {'source': 0.1, 'reconcile': 0.2, 'start': 0.1, 'ready': 0.1, 'terminate': 0.1, 'collect': 0.05, 'job': 1,
           'backoff': 0.3}


def seconds(switches, name):
    """A delay, as the switch or else the default says."""
    return switches.get('seconds', {}).get(name, SECONDS[name])


def owner_of(thing):
    """The UID of what controls an object."""
    owners = thing['metadata'].get('ownerReferences') or [{}]
    return owners[0].get('uid')


class Workloads:
    """Does what the controllers of a cluster and the kubelets of its nodes do."""

    def __init__(self, store, switches):
        self.store = store
        self.switches = switches
        self.kubelet = Kubelet(store, switches, lambda name: seconds(switches, name))
        store.read_log = self.kubelet.log

    def make_nodes(self):
        for node in self.switches.get('nodes', ['node-1']):
            node = {'name': node} if isinstance(node, str) else node
            labels = {'kubernetes.io/hostname': node['name'], 'kubernetes.io/os': 'linux',
                      'node-role.kubernetes.io/benchmark': 'true'}
            thing = self.store.create(BY_KIND['Node'], None, {
                'metadata': {'name': node['name'], 'labels': dict(labels, **node.get('labels', {}))}, 'spec': {}})
            self.store.change(thing, lambda new: new.update(status={
                'conditions': [{'type': 'Ready', 'status': 'True', 'reason': 'KubeletReady',
                                'lastTransitionTime': now_text()}],
                'nodeInfo': {'kubeletVersion': 'v1.31.6+k3s1', 'containerRuntimeVersion': 'containerd://2.0.2-k3s2',
                             'osImage': 'Ubuntu 24.04.2 LTS', 'architecture': 'amd64',
                             'kernelVersion': '6.8.0-52-generic', 'operatingSystem': 'linux'},
                'capacity': {'cpu': '2', 'memory': '8Gi', 'pods': '110'},
                'addresses': [{'type': 'Hostname', 'address': node['name']}]}))

    def processes(self):
        return self.kubelet.processes()

    def end(self):
        self.kubelet.end()

    def step(self):
        for kind, make in (('Deployment', self._deployment), ('ReplicaSet', self._replicas),
                           ('StatefulSet', self._replicas), ('DaemonSet', self._daemons), ('Job', self._job)):
            for thing in self.store.list(kind):
                make(thing)
        self.kubelet.step()
        self._collect()
        self._end_namespaces()

    def _make(self, kind, owner, name, labels, spec, annotations=None):
        """Makes what a workload owns; without its namespace there is nothing to be done."""
        metadata = {'name': name, 'labels': labels, 'ownerReferences': [{
            'apiVersion': {'Job': 'batch/v1'}.get(owner['kind'], 'apps/v1'), 'kind': owner['kind'],
            'name': owner['metadata']['name'], 'uid': owner['metadata']['uid'], 'controller': True,
            'blockOwnerDeletion': True}]}
        if kind == 'Pod':
            metadata['generateName'] = owner['metadata']['name'] + '-'
        if annotations:
            metadata['annotations'] = annotations
        try:
            self.store.create(BY_KIND[kind], owner['metadata']['namespace'], {'metadata': metadata, 'spec': spec})
        except Refusal:
            pass

    def _owned(self, kind, owner):
        return [thing for thing in self.store.list(kind, owner['metadata']['namespace'])
                if owner_of(thing) == owner['metadata']['uid']]

    @staticmethod
    def _hash(template):
        return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]

    def _deployment(self, thing):
        spec = thing['spec']
        mark = self._hash(spec['template'])
        sets = self._owned('ReplicaSet', thing)
        name = '%s-%s' % (thing['metadata']['name'], mark)
        replicas = spec.get('replicas', 1)
        current = next((one for one in sets if one['metadata']['name'] == name), None)
        if current is None:
            labels = dict(spec['template']['metadata'].get('labels', {}), **{'pod-template-hash': mark})
            template = copy.deepcopy(spec['template'])
            template['metadata']['labels'] = labels
            self._make('ReplicaSet', thing, name, labels, {
                'replicas': replicas, 'selector': {'matchLabels': labels}, 'template': template})
        for one in sets:
            wanted = replicas if one is current else 0
            self.store.change(one, lambda new: new['spec'].update(replicas=wanted))
        ready = sum(one.get('status', {}).get('readyReplicas', 0) for one in sets)
        updated = current.get('status', {}).get('replicas', 0) if current else 0
        self._status(thing, replicas=replicas, updatedReplicas=updated, readyReplicas=ready, availableReplicas=ready,
                     unavailableReplicas=max(replicas - ready, 0),
                     conditions=[{'type': 'Available', 'status': 'True' if ready >= replicas else 'False',
                                  'reason': 'MinimumReplicasAvailable'},
                                 {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable'}])

    def _replicas(self, thing):
        pods = self._owned('Pod', thing)
        living = [pod for pod in pods if 'deletionTimestamp' not in pod['metadata']
                  and pod['status'].get('phase') not in ('Failed', 'Succeeded')]
        wanted = thing['spec'].get('replicas', 1)
        ordinal = thing['kind'] == 'StatefulSet'
        names = {pod['metadata']['name'] for pod in pods}
        for index in range(wanted if ordinal else max(wanted - len(living), 0)):
            name = '%s-%d' % (thing['metadata']['name'], index)
            if not ordinal or name not in names:
                self._pod(thing, name if ordinal else None)
        for pod in living[wanted:]:
            self.store.delete(pod)
        ready = sum(map(self.kubelet.is_ready, living))
        self._status(thing, replicas=len(living), readyReplicas=ready, availableReplicas=ready,
                     updatedReplicas=len(living), currentReplicas=len(living))

    def _daemons(self, thing):
        mark = self._hash(thing['spec']['template'])
        selector = thing['spec']['template'].get('spec', {}).get('nodeSelector', {})
        nodes = [node['metadata']['name'] for node in self.store.list('Node')
                 if selector.items() <= node['metadata']['labels'].items()]
        pods = [pod for pod in self._owned('Pod', thing) if 'deletionTimestamp' not in pod['metadata']]
        current = []
        for pod in pods:
            if pod['metadata']['labels'].get('controller-revision-hash') != mark \
                    or pod['status'].get('phase') == 'Failed':
                self.store.delete(pod)
            else:
                current.append(pod)
        busy = {pod['spec'].get('nodeName') for pod in self._owned('Pod', thing)}
        for node in nodes:
            if node not in busy:
                self._pod(thing, node=node, labels={'controller-revision-hash': mark, 'pod-template-generation': '1'})
        ready = sum(map(self.kubelet.is_ready, current))
        self._status(thing, desiredNumberScheduled=len(nodes), currentNumberScheduled=len(pods), numberReady=ready,
                     numberAvailable=ready, updatedNumberScheduled=len(current), numberMisscheduled=0)

    def _job(self, thing):
        spec = thing['spec']
        name = thing['metadata']['name']
        status = thing.get('status', {})
        if any(one['status'] == 'True' for one in status.get('conditions', [])) or spec.get('suspend'):
            return
        pods = self._owned('Pod', thing)
        succeeded = sum(pod['status'].get('phase') == 'Succeeded' for pod in pods)
        failed = sum(pod['status'].get('phase') == 'Failed' for pod in pods)
        conditions = []
        if succeeded >= spec.get('completions', 1):
            conditions = [{'type': 'Complete', 'status': 'True', 'lastTransitionTime': now_text()}]
        elif failed > spec.get('backoffLimit', 6):
            conditions = [{'type': 'Failed', 'status': 'True', 'reason': 'BackoffLimitExceeded',
                           'message': 'Job has reached the specified backoff limit',
                           'lastTransitionTime': now_text()}]
        elif len(pods) == succeeded + failed:
            self._pod(thing)
        self._status(thing, observed=False, succeeded=succeeded, failed=failed, conditions=conditions,
                     active=len(pods) - succeeded - failed, startTime=status.get('startTime', now_text()))

    def _pod(self, owner, name=None, node=None, labels=()):
        template = copy.deepcopy(owner['spec']['template'])
        spec = template.get('spec', {})
        if node:
            spec['nodeName'] = node
        if name is None:
            name = owner['metadata']['name'] + '-' + hashlib.sha256(
                str(self.store.version).encode()).hexdigest()[:5]
        metadata = template.get('metadata', {})
        self._make('Pod', owner, name, dict(metadata.get('labels', {}), **dict(labels)), spec,
                   metadata.get('annotations'))

    def _status(self, thing, observed=True, **status):
        if observed:
            status['observedGeneration'] = thing['metadata']['generation']
        self.store.change(thing, lambda new: new.update(status=status))

    def _collect(self):
        """What was owned by something that is gone goes too, a little later."""
        known = {thing['metadata']['uid'] for thing in self.store.objects.values()}
        for thing in list(self.store.objects.values()):
            owner = owner_of(thing)
            if owner is None or owner in known or 'deletionTimestamp' in thing['metadata']:
                self.store.orphaned.pop(thing['metadata']['uid'], None)
                continue
            since = self.store.orphaned.setdefault(thing['metadata']['uid'], self.store.clock())
            if self.store.clock() - since >= seconds(self.switches, 'collect'):
                self.store.delete(thing)

    def _end_namespaces(self):
        for home in self.store.list('Namespace'):
            if 'deletionTimestamp' not in home['metadata']:
                continue
            inside = [thing for thing in self.store.objects.values()
                      if thing['metadata'].get('namespace') == home['metadata']['name']]
            for thing in inside:
                self.store.delete(thing)
            if not inside:
                self.store.remove(home)
