"""The emulated controllers of Flux 2.8: sources, and what Kustomizations and HelmReleases have in common.

Behaviour of an object (switch `flux`, by name for Kustomizations and HelmReleases, by KIND/NAME for all):
    never      true: it stays Reconciling
    fails      {"reason"?, "message"?, "seconds"?: s}: Ready is False for so long (default: always), then it is tried anew
    stalled    message: Stalled and not Ready
    stale      seconds for which the status of an earlier generation, Ready, stands after the spec has changed
    reconcile  seconds from a change to the applied objects, in the place of the general delay
    finalizer  seconds that the finalizer stays after all else is done, or "never" for one that stays
    revision   what a source has for its artifact's revision; a change is a new artifact
    artifact   false: a source that has none
    adopted    true: the objects lose the labels of their owner, so that they are not garbage collected
"""

import copy
import hashlib

from cluster_api import merge
from cluster_conditions import condition, is_ready, no_condition, written_out
from cluster_helm import Helm
from cluster_kinds import BY_KIND, served_versions
from cluster_kustomize import Kustomize
from cluster_store import Refusal, now_text
from cluster_workloads import seconds

FINALIZER = 'finalizers.fluxcd.io'
REQUESTED = 'reconcile.fluxcd.io/requestedAt'
SOURCES = ('GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket')


class Flux:
    def __init__(self, store, switches):
        self.store = store
        self.switches = switches
        # What was last done for an object and when it was noticed that more is to be done, by UID.
        self.done = {}
        self.noticed = {}
        self.applied_at = {}
        self.kustomize = Kustomize(self)
        self.helm = Helm(self)

    def behaviour(self, thing):
        flux = self.switches.get('flux', {})
        name = thing['metadata']['name']
        general = {} if thing['kind'] in SOURCES else flux.get(name, {})
        return dict(general, **flux.get('%s/%s' % (thing['kind'], name), {}))

    def step(self):
        for kind in SOURCES:
            if served_versions(BY_KIND[kind], self.switches):
                for thing in self.store.list(kind):
                    self._source(thing)
        for thing in self.store.list('Kustomization'):
            self._object(thing, self.kustomize.reconcile, self.kustomize.finalize)
        for thing in self.store.list('HelmRelease'):
            self._object(thing, self.helm.release, self.helm.finalize)

    def _source(self, thing):
        spec, metadata = thing['spec'], thing['metadata']
        if 'deletionTimestamp' in metadata:
            self.release(thing)
        elif not spec.get('suspend') and not (thing['kind'] == 'HelmRepository' and spec.get('type') == 'oci'):
            self._own(thing)
            behaviour = self.behaviour(thing)
            mark = (metadata['generation'], behaviour.get('revision'), str(behaviour.get('fails')),
                    behaviour.get('artifact'), metadata.get('annotations', {}).get(REQUESTED))
            if self._due(thing, mark, seconds(self.switches, 'source')):
                self.store.change(self.store.get(BY_KIND[thing['kind']], metadata['namespace'], metadata['name']),
                                  lambda new: self._fetched(new, behaviour))

    def _fetched(self, new, behaviour):
        new.setdefault('status', {})
        if behaviour.get('fails') or behaviour.get('artifact') is False:
            fails = behaviour.get('fails', {})
            condition(new, 'Reconciling', 'True', 'ProgressingWithRetry', 'retrying')
            condition(new, 'Ready', 'False', fails.get('reason', 'GitOperationFailed'),
                      fails.get('message', 'failed to checkout and determine revision'))
        else:
            revision = behaviour.get('revision') or self._revision(new)
            new['status']['artifact'] = {
                'revision': revision, 'digest': 'sha256:' + hashlib.sha256(revision.encode()).hexdigest(),
                'path': 'x.tar.gz', 'url': 'http://source-controller/x.tar.gz', 'lastUpdateTime': now_text()}
            no_condition(new, 'Reconciling')
            condition(new, 'Ready', 'True', 'Succeeded', "stored artifact for revision '%s'" % revision)
            condition(new, 'ArtifactInStorage', 'True', 'Succeeded', "stored artifact for revision '%s'" % revision)
            new['status']['observedGeneration'] = new['metadata']['generation']
        self._handled(new)

    @staticmethod
    def _revision(thing):
        spec = thing['spec']
        digits = hashlib.sha1(str(spec.get('url', spec.get('chart'))).encode()).hexdigest()
        if thing['kind'] == 'HelmChart':
            return spec.get('version', '*').replace('*', '1.0.0')
        reference = spec.get('ref', {})
        if thing['kind'] == 'GitRepository':
            if reference.get('commit'):
                return '%s@sha1:%s' % (reference.get('branch', 'main'), reference['commit'])
            return '%s@sha1:%s' % (reference.get('tag') or reference.get('branch') or 'master', digits)
        return '%s@sha256:%s' % (reference.get('tag', 'latest'), hashlib.sha256(digits.encode()).hexdigest())

    @staticmethod
    def _handled(new):
        """The answer to a request to reconcile."""
        asked = new['metadata'].get('annotations', {}).get(REQUESTED)
        if asked:
            new['status']['lastHandledReconcileAt'] = asked

    def _own(self, thing):
        """A controller puts its finalizer on what it will have to tidy up after."""
        if FINALIZER not in thing['metadata'].get('finalizers', []):
            return self.store.change(thing, lambda new: new['metadata'].setdefault('finalizers', []).append(FINALIZER))
        return thing

    def release(self, thing):
        """Takes the finalizer off, unless the behaviour holds it."""
        hold = self.behaviour(thing).get('finalizer', 0)
        if hold != 'never' and self.store.dying_for(thing) >= hold:
            self.store.change(thing, lambda new: new['metadata'].update(
                finalizers=[one for one in new['metadata'].get('finalizers', []) if one != FINALIZER]))

    def _due(self, thing, mark, delay):
        """Whether there is something to be done, and its delay is over."""
        uid = thing['metadata']['uid']
        if self.done.get(uid) == mark:
            self.noticed.pop(uid, None)
            return False
        noticed = self.noticed.get(uid)
        if noticed is None or noticed[0] != mark:
            self.noticed[uid] = noticed = (mark, self.store.clock())
        if self.store.clock() - noticed[1] < delay:
            return False
        self.done[uid] = mark
        return True

    def _object(self, thing, reconcile, finalize):
        """What Kustomizations and HelmReleases have in common."""
        metadata, spec = thing['metadata'], thing['spec']
        if 'deletionTimestamp' in metadata:
            return finalize(thing)
        if spec.get('suspend'):
            return None
        thing = self._own(thing)
        behaviour = self.behaviour(thing)
        uid = metadata['uid']
        stale = behaviour.get('stale')
        generation = metadata['generation']
        if stale and thing['status'].get('observedGeneration') != generation:
            since = self.noticed.setdefault(uid + '/stale', (generation, self.store.clock()))
            if since[0] != generation:
                self.noticed[uid + '/stale'] = since = (generation, self.store.clock())
            if self.store.clock() - since[1] < stale:
                return self.store.change(thing, lambda new: self._left_over(new, generation - 1))
        mark = (generation, self.source_revision(thing)[1], metadata.get('annotations', {}).get(REQUESTED),
                str(behaviour), self.dependency(thing))
        delay = behaviour.get('reconcile', seconds(self.switches, 'reconcile'))
        if self.done.get(uid) != mark and not behaviour.get('stalled'):
            # While it works, the status says so.
            def progress(new):
                condition(new, 'Reconciling', 'True', 'Progressing', 'Reconciliation in progress')
                condition(new, 'Ready', 'Unknown', 'Progressing', 'Reconciliation in progress')
            if self.noticed.get(uid, (None,))[0] != mark:
                thing = self.store.change(thing, progress)
        due = self._due(thing, mark, delay)
        fails = behaviour.get('fails')
        if behaviour.get('never'):
            return None
        if fails and self.store.age(thing) < fails.get('seconds', 1 << 30):
            return due and self.fail(thing, fails.get('reason', 'BuildFailed'), fails.get('message', 'it fails'))
        if behaviour.get('stalled'):
            return due and self._stall(thing, behaviour['stalled'])
        # A failure that has passed is tried anew; what waits for its objects looks again and again.
        if due or (self.done.get(uid) == mark and not is_ready(thing)):
            return reconcile(thing, due)
        return None

    @staticmethod
    def _left_over(new, generation):
        condition(new, 'Ready', 'True', 'ReconciliationSucceeded', 'Applied revision: an earlier one')
        new['status']['observedGeneration'] = generation

    def _stall(self, thing, message):
        def stall(new):
            no_condition(new, 'Reconciling')
            condition(new, 'Stalled', 'True', 'InvalidSpec', message)
            condition(new, 'Ready', 'False', 'InvalidSpec', message)
            new['status']['observedGeneration'] = new['metadata']['generation']
            self._handled(new)
        self.store.change(thing, stall)

    def fail(self, thing, reason, message, **status):
        """Not Ready, and tried again: the observed generation stays what it was."""
        def failed(new):
            new['status'].update(status)
            condition(new, 'Reconciling', 'True', 'ProgressingWithRetry', message)
            condition(new, 'Ready', 'False', reason, message)
            self._handled(new)
        self.store.change(thing, failed)

    def succeed(self, thing, reason, message, **status):
        def done(new):
            new['status'].update(status)
            no_condition(new, 'Reconciling')
            no_condition(new, 'Stalled')
            condition(new, 'Ready', 'True', reason, message)
            new['status']['observedGeneration'] = new['metadata']['generation']
            self._handled(new)
        self.store.change(thing, done)

    def source_revision(self, thing):
        """The source of a Kustomization, or None, and its artifact's revision, or None."""
        reference = thing['spec'].get('sourceRef') or {}
        source = self.store.find(reference.get('kind'), reference.get('namespace', thing['metadata']['namespace']),
                                 reference.get('name'))
        return source, (source or {}).get('status', {}).get('artifact', {}).get('revision')

    def dependency(self, thing):
        """The first dependency that is not ready, or None."""
        for other in thing['spec'].get('dependsOn', []):
            namespace = other.get('namespace', thing['metadata']['namespace'])
            found = self.store.find(thing['kind'], namespace, other['name'])
            if found is None or not is_ready(found):
                return '%s/%s' % (namespace, other['name'])
        return None

    def workloads(self, thing, namespace):
        """The objects that the test has configured for this one, in their namespaces."""
        metadata = thing['metadata']
        wanted = self.switches.get('workloads', {})
        given = wanted.get('%s/%s' % (metadata['namespace'], metadata['name']), wanted.get(metadata['name'], []))
        objects = []
        for one in given:
            one = copy.deepcopy(one) if 'metadata' in one else written_out(one)
            if BY_KIND[one['kind']].namespaced:
                one['metadata']['namespace'] = namespace or one['metadata'].get('namespace') or metadata['namespace']
            group = BY_KIND[thing['kind']].group
            labels = one['metadata'].setdefault('labels', {})
            if not self.behaviour(thing).get('adopted'):
                labels.update({group + '/name': metadata['name'], group + '/namespace': metadata['namespace']})
            common = thing['spec'].get('commonMetadata', {})
            labels.update(common.get('labels', {}))
            one['metadata'].setdefault('annotations', {}).update(common.get('annotations', {}))
            objects.append(one)
        return objects

    def apply(self, objects):
        """Makes what is not there and changes what is, like an apply on the server; returns why that failed, or None."""
        for one in objects:
            kind = BY_KIND[one['kind']]
            old = self.store.find(one['kind'], one['metadata'].get('namespace'), one['metadata']['name'])
            try:
                if old is None:
                    self.store.create(kind, one['metadata'].get('namespace'), one)
                else:
                    # What others have set, such as a default, stays.
                    new = copy.deepcopy(old)
                    merge(new, one)
                    self.store.update(kind, old, new)
            except Refusal as refusal:
                return str(refusal)
        return None

    def unready(self, objects):
        """The workloads that are not ready yet, as Flux names them."""
        names = []
        for one in objects:
            thing = self.store.find(one['kind'], one['metadata'].get('namespace'), one['metadata']['name'])
            status = (thing or {}).get('status', {})
            wanted = {'Deployment': 'replicas', 'DaemonSet': 'desiredNumberScheduled', 'StatefulSet': 'replicas'}
            has = 'numberReady' if one['kind'] == 'DaemonSet' else 'readyReplicas'
            if one['kind'] in wanted and (
                    status.get('observedGeneration') != (thing or {'metadata': {}})['metadata'].get('generation')
                    or status.get(has, 0) < status.get(wanted[one['kind']], 1)):
                names.append("%s/%s/%s status: 'InProgress'" % (
                    one['kind'], one['metadata'].get('namespace'), one['metadata']['name']))
        return names
