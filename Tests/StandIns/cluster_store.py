"""The objects of the emulated cluster: what an API server and its etcd keep, and the rules of changing it."""

import copy
import datetime
import random
import re
import threading
import time
import uuid

from cluster_kinds import BY_KIND, FLUX


def now_text():
    """Now, as the API writes instants."""
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


class Refusal(Exception):
    """What the API server answers instead of doing it: a `Status`."""

    def __init__(self, code, reason, message, **details):
        super().__init__(message)
        self.code = code
        self.status = {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure',
                       'message': message, 'reason': reason, 'code': code}
        if details:
            self.status['details'] = details


def not_found(kind, name):
    return Refusal(404, 'NotFound', '%s "%s" not found' % (kind.resource, name),
                   name=name, group=kind.group, kind=kind.plural)


def conflict(kind, name):
    return Refusal(409, 'Conflict', 'Operation cannot be fulfilled on %s "%s": the object has been modified; please '
                   'apply your changes to the latest version and try again' % (kind.resource, name),
                   name=name, group=kind.group, kind=kind.plural)


NAME = re.compile(r'[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')
# What Go's parser takes for an instant with microseconds: all six digits.
MICRO = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$')
LABEL = re.compile(r'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$')


class Store:
    """Objects by kind, namespace and name. Every method wants `lock` to be held, and hands out the objects themselves:
    whoever changes one does it through a method."""

    def __init__(self, switches):
        self.lock = threading.Condition(threading.RLock())
        self.clock = time.monotonic
        self.switches = switches
        self.objects = {}
        self.version = 1000
        # What watches are told: (resourceVersion, type, kind, object).
        self.events = []
        # When something was created or began to be deleted, in seconds of the monotonic clock, by UID.
        self.born = {}
        self.dying = {}
        # Since when the owner of something has been gone, by its UID.
        self.orphaned = {}
        # Where a container's log is read: (pod, container, previous) to a text or None.
        self.read_log = lambda pod, container, previous: None

    def get(self, kind, namespace, name):
        found = self.objects.get((kind.kind, namespace or '', name))
        if found is None:
            raise not_found(kind, name)
        return found

    def find(self, kind, namespace, name):
        """One object by the name of its kind, or None."""
        return self.objects.get((kind, namespace or '', name))

    def list(self, kind, namespace=None):
        """All of a kind, in the order of their names."""
        return [self.objects[key] for key in sorted(self.objects)
                if key[0] == kind and namespace in (None, '', key[1])]

    def age(self, thing):
        """Seconds since an object was created."""
        return time.monotonic() - self.born.get(thing['metadata']['uid'], 0)

    def dying_for(self, thing):
        """Seconds since an object was asked to go."""
        return time.monotonic() - self.dying.get(thing['metadata']['uid'], time.monotonic())

    def create(self, kind, namespace, given):
        thing = copy.deepcopy(given)
        metadata = thing.setdefault('metadata', {})
        if 'name' not in metadata and metadata.get('generateName'):
            metadata['name'] = metadata['generateName'] + ''.join(random.choices('bcdfghjklmnpqrstvwxz2456789', k=5))
        self._validate(kind, thing)
        name = metadata['name']
        if kind.namespaced:
            metadata['namespace'] = namespace
            home = self.objects.get(('Namespace', '', namespace))
            if home is None:
                raise not_found(BY_KIND['Namespace'], namespace)
            if 'deletionTimestamp' in home['metadata']:
                raise Refusal(403, 'Forbidden', '%s "%s" is forbidden: unable to create new content in namespace %s '
                              'because it is being terminated' % (kind.resource, name, namespace))
        if (kind.kind, namespace or '', name) in self.objects:
            raise Refusal(409, 'AlreadyExists', '%s "%s" already exists' % (kind.resource, name),
                          name=name, group=kind.group, kind=kind.plural)
        metadata['uid'] = str(uuid.uuid4())
        metadata['creationTimestamp'] = now_text()
        for field in ('deletionTimestamp', 'selfLink', 'managedFields'):
            metadata.pop(field, None)
        if kind.kind == 'Job' and 'selector' not in thing.get('spec', {}):
            # The API server's default: the Job's own uid, on its pods too.
            own = {'batch.kubernetes.io/controller-uid': metadata['uid'], 'controller-uid': metadata['uid'],
                   'batch.kubernetes.io/job-name': name, 'job-name': name}
            thing['spec']['selector'] = {'matchLabels': {'batch.kubernetes.io/controller-uid': metadata['uid']}}
            thing['spec'].setdefault('template', {}).setdefault('metadata', {}).setdefault('labels', {}).update(own)
        if 'spec' in thing and kind.kind not in ('Lease', 'Namespace', 'Node', 'Pod'):
            metadata['generation'] = 1
        if kind.kind in FLUX and not (kind.kind == 'HelmRepository' and thing.get('spec', {}).get('type') == 'oci'):
            # The default in their definitions.
            thing['status'] = {'observedGeneration': -1}
        elif kind.kind == 'Pod':
            thing['status'] = {'phase': 'Pending'}
        elif kind.kind == 'Namespace':
            thing['status'] = {'phase': 'Active'}
            thing.setdefault('spec', {})['finalizers'] = ['kubernetes']
        thing['kind'] = kind.kind
        self.born[metadata['uid']] = time.monotonic()
        self.objects[(kind.kind, namespace or '', name)] = thing
        self._changed('ADDED', kind.kind, thing)
        return thing

    def update(self, kind, old, new, status=False):
        """Puts a new text in the place of an old one; `status` alone if that was asked for."""
        if new.get('metadata', {}).get('resourceVersion') not in (None, '', old['metadata']['resourceVersion']):
            raise conflict(kind, old['metadata']['name'])
        if status:
            thing = copy.deepcopy(old)
            thing['status'] = copy.deepcopy(new.get('status', {}))
        else:
            thing = copy.deepcopy(new)
            thing['kind'] = kind.kind
            kept = old['metadata']
            metadata = thing.setdefault('metadata', {})
            for field in ('name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'generation',
                          'deletionGracePeriodSeconds', 'resourceVersion'):
                metadata.pop(field, None)
                if field in kept:
                    metadata[field] = kept[field]
            metadata.pop('managedFields', None)
            self._validate(kind, thing)
            # A status is changed through its own resource only.
            thing.pop('status', None)
            if 'status' in old:
                thing['status'] = old['status']
            if 'generation' in kept and thing.get('spec') != old.get('spec'):
                metadata['generation'] = kept['generation'] + 1
        if thing == old:
            return old
        return self.put(thing)

    def put(self, thing):
        """Keeps a changed object; one that is to go and has no finalizer left goes."""
        metadata = thing['metadata']
        self.objects[(thing['kind'], metadata.get('namespace', ''), metadata['name'])] = thing
        if 'deletionTimestamp' in metadata and not metadata.get('finalizers') \
                and thing['kind'] not in ('Pod', 'Namespace'):
            self.remove(thing)
        else:
            self._changed('MODIFIED', thing['kind'], thing)
        return thing

    def change(self, thing, apply):
        """A controller's change: `apply` is handed a copy to write to; nothing happens if it stays the same."""
        new = copy.deepcopy(thing)
        apply(new)
        return thing if new == thing else self.put(new)

    def delete(self, thing, orphan=False):
        """Asks an object to go; returns it if it stays for now, None if it is gone."""
        metadata = thing['metadata']
        if orphan:
            for other in list(self.objects.values()):
                owners = other['metadata'].get('ownerReferences', [])
                if any(owner['uid'] == metadata['uid'] for owner in owners):
                    self.change(other, lambda new: new['metadata'].pop('ownerReferences'))
        if 'deletionTimestamp' in metadata:
            return thing
        if thing['kind'] in ('Pod', 'Namespace') or metadata.get('finalizers'):
            self.dying[metadata['uid']] = time.monotonic()

            def mark(new):
                new['metadata']['deletionTimestamp'] = now_text()
                new['metadata']['deletionGracePeriodSeconds'] = 30 if thing['kind'] == 'Pod' else 0
                if 'generation' in new['metadata']:
                    new['metadata']['generation'] += 1
                if thing['kind'] == 'Namespace':
                    new['status'] = {'phase': 'Terminating'}
            return self.change(thing, mark)
        self.remove(thing)
        return None

    def remove(self, thing):
        """Takes an object away, whatever it has for finalizers."""
        metadata = thing['metadata']
        self.objects.pop((thing['kind'], metadata.get('namespace', ''), metadata['name']), None)
        self._changed('DELETED', thing['kind'], thing)

    def _changed(self, event, kind, thing):
        self.version += 1
        thing['metadata']['resourceVersion'] = str(self.version)
        self.events.append((self.version, event, kind, copy.deepcopy(thing)))
        del self.events[:-5000]
        self.lock.notify_all()

    @staticmethod
    def _validate(kind, thing):
        metadata = thing['metadata']
        name = metadata.get('name', '')

        def invalid(field, value, rule):
            raise Refusal(422, 'Invalid', '%s "%s" is invalid: %s: Invalid value: "%s": %s'
                          % (kind.kind, name, field, value, rule), name=name, group=kind.group, kind=kind.kind)
        for field in ('acquireTime', 'renewTime') if kind.kind == 'Lease' else ():
            value = thing.get('spec', {}).get(field)
            if value is not None and not MICRO.match(value):
                raise Refusal(400, 'BadRequest', 'Lease in version "v1" cannot be handled as a Lease: parsing time "%s" '
                              'as "2006-01-02T15:04:05.000000Z07:00"' % value)
        # The names of RBAC may have colons.
        if not name or len(name) > 253 or not NAME.match(name.replace(':', '-')):
            invalid('metadata.name', name, 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric '
                    "characters, '-' or '.', and must start and end with an alphanumeric character")
        for key, value in (metadata.get('labels') or {}).items():
            if not isinstance(value, str) or len(value) > 63 or not LABEL.match(value):
                invalid('metadata.labels', value, 'must be a valid label value of no more than 63 characters')
