"""The emulated kustomize-controller: applies the objects that the test has configured, and collects them."""

from cluster_conditions import inject, parse_duration
from cluster_kinds import BY_KIND


class Kustomize:
    def __init__(self, flux):
        self.flux = flux
        self.store = flux.store

    def reconcile(self, thing, due):
        spec, metadata = thing['spec'], thing['metadata']
        source, revision = self.flux.source_revision(thing)
        reference = spec.get('sourceRef') or {}
        if revision is None:
            return self.flux.fail(thing, 'ArtifactFailed', 'Source is not ready, artifact not found' if source else
                             "Source '%s/%s/%s' not found" % (reference.get('kind'), metadata['namespace'],
                                                              reference.get('name')))
        waits = self.flux.dependency(thing)
        if waits:
            return self.flux.fail(thing, 'DependencyNotReady', "dependency '%s' is not ready" % waits)
        objects = self.flux.workloads(thing, spec.get('targetNamespace'))
        for one in objects:
            inject(one, spec.get('images', []))
        # What has failed so far has applied nothing.
        if due or metadata['uid'] not in self.flux.applied_at:
            self.flux.applied_at[metadata['uid']] = self.store.clock()
            refused = self.flux.apply(objects)
            if refused:
                return self.flux.fail(thing, 'ReconciliationFailed', refused, lastAttemptedRevision=revision)
        entries = [{'id': '%s_%s_%s_%s' % (one['metadata'].get('namespace', ''), one['metadata']['name'],
                                           BY_KIND[one['kind']].group, one['kind']),
                    'v': BY_KIND[one['kind']].versions[0]} for one in objects]
        kept = {entry['id'] for entry in entries}
        if due and spec.get('prune'):
            self._prune(thing, [one for one in thing['status'].get('inventory', {}).get('entries', [])
                                if one['id'] not in kept])
        status = {'inventory': {'entries': entries}, 'lastAttemptedRevision': revision}
        unready = self.flux.unready(objects) if spec.get('wait') else []
        if unready:
            limit = parse_duration(spec.get('timeout'), spec.get('interval', '60s'))
            if self.store.clock() - self.flux.applied_at[metadata['uid']] > limit:
                return self.flux.fail(thing, 'HealthCheckFailed', 'health check failed after %gs: timeout waiting for: [%s]'
                                 % (limit, ', '.join(unready)), **status)
            return self.store.change(thing, lambda new: new['status'].update(status))
        return self.flux.succeed(thing, 'ReconciliationSucceeded', 'Applied revision: ' + revision,
                            lastAppliedRevision=revision, **status)

    def _prune(self, thing, entries):
        """Deletes what is in the inventory and still labelled as ours, in the background."""
        group, metadata = BY_KIND['Kustomization'].group, thing['metadata']
        left = []
        for entry in entries:
            namespace, name, _, kind = entry['id'].split('_')
            found = self.store.find(kind, namespace, name)
            if found is None:
                continue
            labels = found['metadata'].get('labels', {})
            kept = found['metadata'].get('annotations', {}).get(group + '/prune') == 'disabled'
            if not kept and labels.get(group + '/name') == metadata['name'] \
                    and labels.get(group + '/namespace') == metadata['namespace']:
                if self.store.delete(found) is not None:
                    left.append(entry['id'])
        return left

    def finalize(self, thing):
        """Nothing is collected if it is suspended, has no inventory, or its policy says so; only WaitForTermination
        waits, for the inventory's objects and not for their pods, and for no longer than the timeout."""
        spec = thing['spec']
        policy = spec.get('deletionPolicy', 'MirrorPrune')
        entries = thing['status'].get('inventory', {}).get('entries', [])
        collects = policy in ('Delete', 'WaitForTermination') or (policy == 'MirrorPrune' and spec.get('prune'))
        if not spec.get('suspend') and entries and collects:
            left = self._prune(thing, entries)
            if left and policy == 'WaitForTermination' \
                    and self.store.dying_for(thing) < parse_duration(spec.get('timeout'), '60s'):
                return
        self.flux.release(thing)
