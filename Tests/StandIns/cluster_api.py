"""The emulated API server: paths, verbs, selectors and patches."""

import copy
import json
import time

from cluster_kinds import KINDS, discovery, served_versions
from cluster_store import Refusal, conflict, not_found

VERSION = {'major': '1', 'minor': '31', 'gitVersion': 'v1.31.6+k3s1', 'gitCommit': '', 'gitTreeState': 'clean',
           'buildDate': '2025-02-27T19:58:56Z', 'goVersion': 'go1.22.12', 'compiler': 'gc', 'platform': 'linux/amd64'}
USER = 'system:serviceaccount:flux-system:pipeline-account'


def merge(target, patch):
    """JSON merge patch (RFC 7386), in place."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            inner = target.get(key)
            if not isinstance(inner, dict):
                inner = target[key] = {}
            merge(inner, value)
        else:
            target[key] = copy.deepcopy(value)


# By which field the strategic merge patch knows the elements of these lists.
MERGE_KEYS = {'containers': 'name', 'initContainers': 'name', 'env': 'name', 'volumes': 'name',
              'volumeMounts': 'mountPath', 'ports': 'containerPort', 'conditions': 'type', 'ownerReferences': 'uid'}


def strategic(target, patch):
    """Kubernetes' strategic merge patch, as far as the kinds here need it."""
    for key, value in patch.items():
        if key.startswith('$'):
            continue
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            if value.get('$patch') == 'delete':
                target.pop(key, None)
                continue
            inner = target.get(key)
            if not isinstance(inner, dict) or value.get('$patch') == 'replace':
                inner = target[key] = {}
            strategic(inner, value)
        elif isinstance(value, list) and key in MERGE_KEYS and isinstance(target.get(key), list):
            name = MERGE_KEYS[key]
            for element in value:
                old = next((old for old in target[key] if old.get(name) == element.get(name)), None)
                if element.get('$patch') == 'delete':
                    target[key] = [other for other in target[key] if other is not old]
                elif old is None:
                    target[key].append(copy.deepcopy(element))
                else:
                    strategic(old, element)
        else:
            target[key] = copy.deepcopy(value)


def selects(selector, labels):
    """Whether a label selector of equalities, inequalities, presence and `in (..)` matches."""
    rest = selector
    while rest:
        rest = rest.strip().lstrip(',').strip()
        if not rest:
            return True
        depth = 0
        end = len(rest)
        for index, character in enumerate(rest):
            depth += {'(': 1, ')': -1}.get(character, 0)
            if character == ',' and depth == 0:
                end = index
                break
        term, rest = rest[:end].strip(), rest[end:]
        if '(' in term:
            words = term.split('(')[0].split()
            values = [value.strip() for value in term.split('(')[1].rstrip(')').split(',')]
            truth = (labels.get(words[0]) in values) == (words[1] == 'in')
        elif '!=' in term:
            key, value = term.split('!=')
            truth = labels.get(key.strip()) != value.strip()
        elif '=' in term:
            key, value = term.replace('==', '=').split('=')
            truth = labels.get(key.strip()) == value.strip()
        elif term.startswith('!'):
            truth = term[1:].strip() not in labels
        else:
            truth = term in labels
        if not truth:
            return False
    return True


class API:
    """Answers requests: a status and an object, a text, or a function that yields the events of a watch."""

    def __init__(self, store, switches):
        self.store = store
        self.switches = switches

    def api_version(self, kind):
        versions = served_versions(kind, self.switches) or kind.versions
        return (kind.group + '/' if kind.group else '') + versions[0]

    def answer(self, method, path, query, content_type, body):
        with self.store.lock:
            try:
                return self._answer(method, path, query, content_type, body)
            except Refusal as refusal:
                return refusal.code, refusal.status

    def _answer(self, method, path, query, content_type, body):
        if self.switches.get('failing'):
            code = self.switches['failing']
            raise Refusal(code, {503: 'ServiceUnavailable', 429: 'TooManyRequests', 504: 'Timeout'}
                          .get(code, 'InternalError'), 'the server is currently unable to handle the request')
        if self.switches.get('unauthorized'):
            raise Refusal(401, 'Unauthorized', 'Unauthorized')
        if path == '/version':
            return 200, VERSION
        if path in ('/healthz', '/livez', '/readyz'):
            return 200, 'ok'
        found = discovery(path, self.switches)
        if found is not None:
            return 200, found
        route = self._route(path)
        if route is None:
            return 404, '404 page not found\n'
        kind, version, namespace, name, sub = route
        verb = {'GET': 'get' if name else 'list', 'POST': 'create', 'PUT': 'update', 'PATCH': 'patch',
                'DELETE': 'delete' if name else 'deletecollection'}[method]
        if verb == 'list' and query.get('watch') in ('true', '1'):
            verb = 'watch'
        self._authorize(kind, verb, namespace, name, sub)
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            raise Refusal(415, 'UnsupportedMediaType', 'the body is no JSON: ' + content_type)
        if method in ('PUT', 'PATCH') and self.switches.get('conflicts', 0) > 0:
            self.switches['conflicts'] -= 1
            raise conflict(kind, name)
        if sub == 'log':
            return 200, self._log(kind, namespace, name, query)
        if verb == 'watch':
            return 200, self._watch(kind, version, namespace, query)
        if verb == 'list':
            items = [self._shown(kind, version, thing) for thing in self._listed(kind, namespace, query)]
            return 200, {'kind': kind.kind + 'List', 'apiVersion': self._api(kind, version),
                         'metadata': {'resourceVersion': str(self.store.version)}, 'items': items}
        if verb == 'create':
            self._match(kind, version, given)
            return 201, self._shown(kind, version, self.store.create(kind, namespace, given))
        if verb == 'deletecollection':
            for thing in self._listed(kind, namespace, query):
                self.store.delete(thing)
            return 200, {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Success'}
        old = self.store.get(kind, namespace, name)
        if verb == 'get':
            return 200, self._shown(kind, version, old)
        if verb == 'delete':
            return self._delete(kind, version, old, given, query)
        if verb == 'patch':
            given = self._patched(old, given, content_type)
        else:
            self._match(kind, version, given)
        return 200, self._shown(kind, version, self.store.update(kind, old, given, status=sub == 'status'))

    def _route(self, path):
        """Kind, version, namespace, name and subresource of a path; None if nothing is served there."""
        parts = path.strip('/').split('/')
        if parts[0] == 'api' and len(parts) > 2:
            group, version, rest = '', parts[1], parts[2:]
        elif parts[0] == 'apis' and len(parts) > 3:
            group, version, rest = parts[1], parts[2], parts[3:]
        else:
            return None
        namespace = None
        if rest[0] == 'namespaces' and len(rest) > 2 and rest[2] not in ('status', 'finalize'):
            namespace, rest = rest[1], rest[2:]
        for kind in KINDS:
            if kind.group == group and kind.plural == rest[0] and version in served_versions(kind, self.switches):
                rest = rest + [None, None]
                return kind, version, namespace, rest[1], rest[2]
        return None

    def _authorize(self, kind, verb, namespace, name, sub):
        resource = kind.resource + ('/' + sub if sub else '')
        if not any(rule in (kind.resource, '%s/%s' % (kind.resource, verb)) for rule in
                   self.switches.get('forbidden', [])):
            return
        where = 'in the namespace "%s"' % namespace if namespace else 'at the cluster scope'
        raise Refusal(403, 'Forbidden', '%s%s is forbidden: User "%s" cannot %s resource "%s" in API group "%s" %s'
                      % (resource, ' "%s"' % name if name else '', USER, verb, kind.plural, kind.group, where),
                      name=name or '', group=kind.group, kind=kind.plural)

    @staticmethod
    def _api(kind, version):
        return (kind.group + '/' if kind.group else '') + version

    def _match(self, kind, version, given):
        if given.get('kind') != kind.kind or given.get('apiVersion') != self._api(kind, version):
            raise Refusal(400, 'BadRequest', '%s in version "%s" cannot be handled as a %s: no kind "%s" is registered'
                          % (given.get('kind'), given.get('apiVersion'), kind.kind, given.get('kind')))

    def _shown(self, kind, version, thing):
        return dict(thing, apiVersion=self._api(kind, version), kind=kind.kind)

    def _listed(self, kind, namespace, query):
        return [thing for thing in self.store.list(kind.kind, namespace) if self._asked(thing, query)]

    @staticmethod
    def _asked(thing, query):
        for term in query.get('fieldSelector', '').split(','):
            key, _, value = term.partition('=')
            value = value.lstrip('=')
            field = {'metadata.name': thing['metadata']['name'],
                     'metadata.namespace': thing['metadata'].get('namespace', ''),
                     'status.phase': thing.get('status', {}).get('phase', ''),
                     'spec.nodeName': thing.get('spec', {}).get('nodeName', '')}.get(key)
            if key and field != value:
                return False
        return selects(query.get('labelSelector', ''), thing['metadata'].get('labels') or {})

    def _delete(self, kind, version, old, options, query):
        for field, wanted in (options.get('preconditions') or {}).items():
            if wanted and wanted != old['metadata'].get(field):
                raise conflict(kind, old['metadata']['name'])
        policy = options.get('propagationPolicy') or query.get('propagationPolicy')
        left = self.store.delete(old, orphan=policy == 'Orphan')
        if left is not None:
            if kind.kind == 'Pod' and options.get('gracePeriodSeconds') == 0:
                self.store.remove(left)
            return 200, self._shown(kind, version, left)
        return 200, {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Success',
                     'details': {'name': old['metadata']['name'], 'group': kind.group, 'kind': kind.plural,
                                 'uid': old['metadata']['uid']}}

    @staticmethod
    def _patched(old, patch, content_type):
        new = copy.deepcopy(old)
        if content_type.startswith('application/merge-patch+json'):
            merge(new, patch)
        elif content_type.startswith('application/strategic-merge-patch+json'):
            strategic(new, patch)
        else:
            raise Refusal(415, 'UnsupportedMediaType', 'the emulated server has no patch of type ' + content_type)
        return new

    def _log(self, kind, namespace, name, query):
        pod = self.store.get(kind, namespace, name)
        containers = [container['name'] for container in pod['spec']['containers']]
        container = query.get('container') or containers[0]
        if container not in containers:
            raise Refusal(400, 'BadRequest', 'container %s is not valid for pod %s' % (container, name))
        text = self.store.read_log(pod, container, query.get('previous') == 'true')
        if text is None and query.get('previous') == 'true':
            raise Refusal(400, 'BadRequest', 'previous terminated container "%s" in pod "%s" not found'
                          % (container, name))
        if text is None:
            raise Refusal(400, 'BadRequest', 'container "%s" in pod "%s" is waiting to start: ContainerCreating'
                          % (container, name))
        lines = text.splitlines(True)
        if 'tailLines' in query:
            lines = lines[len(lines) - int(query['tailLines']):] if int(query['tailLines']) < len(lines) else lines
        return ''.join(lines)

    def _watch(self, kind, version, namespace, query):
        """A function that yields events from a version of the resource on, and None now and then."""
        end = time.monotonic() + float(query.get('timeoutSeconds', 600))
        seen = int(query.get('resourceVersion') or 0)
        first = []
        if seen == 0:
            first = [{'type': 'ADDED', 'object': self._shown(kind, version, thing)}
                     for thing in self._listed(kind, namespace, query)]
            seen = self.store.version

        def events():
            nonlocal seen
            yield from first
            while time.monotonic() < end:
                with self.store.lock:
                    if self.store.version == seen:
                        self.store.lock.wait(0.5)
                    news = [event for event in self.store.events if event[0] > seen]
                    seen = self.store.version
                for _, event, of_kind, thing in news:
                    if of_kind == kind.kind and namespace in (None, thing['metadata'].get('namespace')) \
                            and self._asked(thing, query):
                        yield {'type': event, 'object': self._shown(kind, version, thing)}
                yield None
        return events
