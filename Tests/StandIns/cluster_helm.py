"""The emulated helm-controller: releases of a chart whose objects the test has configured."""

from cluster_kinds import BY_KIND
from cluster_store import Refusal


class Helm:
    def __init__(self, flux):
        self.flux = flux
        self.store = flux.store

    def _chart_name(self, thing):
        return '%s-%s' % (thing['metadata']['namespace'], thing['metadata']['name'])

    def _chart_home(self, thing):
        reference = thing['spec']['chart']['spec']['sourceRef']
        return reference.get('namespace', thing['metadata']['namespace'])

    def release(self, thing, due):
        """Makes the HelmChart, then the objects, and waits for them."""
        spec, metadata = thing['spec'], thing['metadata']
        waits = self.flux.dependency(thing)
        if waits:
            return self.flux.fail(thing, 'DependencyNotReady', "dependency '%s' is not ready" % waits)
        version, refused = self._chart(thing)
        if version is None:
            return self.flux.fail(thing, 'SourceNotReady', refused)
        namespace = spec.get('targetNamespace', metadata['namespace'])
        if spec.get('install', {}).get('createNamespace') and self.store.find('Namespace', None, namespace) is None:
            self.store.create(BY_KIND['Namespace'], None, {'metadata': {'name': namespace}})
        objects = self.flux.workloads(thing, namespace)
        for one in objects:
            self._tag(one, thing, version)
        if self.flux.applied_at.get(metadata['uid']) != (metadata['generation'], version):
            refused = self.flux.apply(objects)
            if refused:
                return self.flux.fail(thing, 'InstallFailed', 'Helm install failed: ' + refused)
            self.flux.applied_at[metadata['uid']] = (metadata['generation'], version)
        action = 'Upgrade' if thing['status'].get('history') and metadata['generation'] > 1 else 'Install'
        if self.flux.unready(objects) and not spec.get(action.lower(), {}).get('disableWait'):
            return None
        name = spec.get('releaseName', metadata['name'])
        message = 'Helm %s succeeded for release %s/%s with chart %s@%s' % (
            action.lower(), namespace, name, name, version)

        def released(new):
            new['status']['conditions'] = [one for one in new['status'].get('conditions', [])
                                           if one['type'] != 'Released']
        self.flux.succeed(
            self.store.change(thing, released), action + 'Succeeded', message, lastAttemptedRevision=version,
            lastAttemptedGeneration=metadata['generation'], storageNamespace=namespace,
            helmChart='%s/%s' % (self._chart_home(thing), self._chart_name(thing)),
            history=[{'name': name, 'namespace': namespace, 'chartName': name, 'chartVersion': version, 'version': 1,
                      'status': 'deployed', 'digest': 'sha256:0', 'configDigest': 'sha256:0'}])
        return None

    def _chart(self, thing):
        """The version of the chart, or None and why there is none."""
        spec = thing['spec'].get('chart', {}).get('spec')
        if spec is None:
            return 'chart', None
        home, name = self._chart_home(thing), self._chart_name(thing)
        source = spec['sourceRef']
        found = self.store.find(source['kind'], home, source['name'])
        if found is None:
            return None, "%s '%s/%s' not found" % (source['kind'], home, source['name'])
        wanted = {'chart': spec['chart'], 'version': spec.get('version', '*'), 'interval': '5m',
                  'sourceRef': {'kind': source['kind'], 'name': source['name']}}
        chart = self.store.find('HelmChart', home, name)
        try:
            if chart is None:
                chart = self.store.create(BY_KIND['HelmChart'], home, {'metadata': {'name': name}, 'spec': wanted})
            elif chart['spec'] != wanted:
                chart = self.store.update(BY_KIND['HelmChart'], chart, {'metadata': chart['metadata'], 'spec': wanted})
        except Refusal as refusal:
            return None, str(refusal)
        if chart['status'].get('observedGeneration') != chart['metadata']['generation']:
            return None, "HelmChart '%s/%s' is not ready" % (home, name)
        return chart['status']['artifact']['revision'], None

    @staticmethod
    def _tag(one, thing, version):
        """The image's tag is what the values say, or else the chart's version."""
        image = (thing['spec'].get('values') or {}).get('image') or {}
        for container in one.get('spec', {}).get('template', {}).get('spec', {}).get('containers', []):
            name = container['image'].split('@')[0]
            if ':' in name.rpartition('/')[2]:
                name = name.rpartition(':')[0]
            repository = image.get('repository', name)
            container['image'] = '%s:%s' % (repository, image.get('tag', version))

    def finalize(self, thing):
        """Uninstalls, unless it is suspended; waits for the objects, and goes."""
        spec = thing['spec']
        chart = self.store.find('HelmChart', self._chart_home(thing), self._chart_name(thing)) \
            if 'chart' in spec else None
        if chart is not None:
            self.store.delete(chart)
        if not spec.get('suspend') and thing['status'].get('history'):
            left = []
            for one in self.flux.workloads(thing, spec.get('targetNamespace')):
                found = self.store.find(one['kind'], one['metadata'].get('namespace'), one['metadata']['name'])
                if found is not None and self.store.delete(found) is not None:
                    left.append(found)
            if left and not spec.get('uninstall', {}).get('disableWait'):
                return
        self.flux.release(thing)
