"""Checks each object of manifests against the fields and types of its kind, strictly: a line a complaint, and exit 1.

    manifest_fields.py FILE...

Kubernetes' own kinds are those of Debian's python3-kubernetes, whose models are made of the API's OpenAPI document (of
1.22), required fields included. What is younger, and the kinds that operators bring, are listed below: only what the
manifests use of them, taken from the definitions of those kinds.
"""

import sys

import yaml
from kubernetes.client import models

LATER = {
    # Kubernetes 1.30.
    ('V1VolumeMount', 'recursiveReadOnly'): 'str',
}

ANYTHING, TEXTS = object(), object()
SECRET = {'name': str, 'key': str}
SOURCE = {'kind': str, 'name': str}
RETRIES = {'remediation': {'retries': int}}
CUSTOM = {
    # prometheus-operator 0.93.
    ('monitoring.coreos.com/v1', 'PodMonitor'): {
        'selector': {'matchLabels': TEXTS},
        'podMetricsEndpoints': [{
            'port': str, 'path': str, 'interval': str, 'honorLabels': bool, 'scheme': str,
            'relabelings': [{'sourceLabels': [str], 'targetLabel': str}],
            'tlsConfig': {'ca': {'secret': SECRET}, 'serverName': str},
            'basicAuth': {'username': SECRET, 'password': SECRET}}]},
    # kustomize-controller 1.9, source-controller 1.9, helm-controller 1.6.
    ('kustomize.toolkit.fluxcd.io/v1', 'Kustomization'): {
        'dependsOn': [{'name': str}], 'sourceRef': SOURCE, 'path': str, 'targetNamespace': str, 'interval': str,
        'retryInterval': str, 'timeout': str, 'wait': bool, 'prune': bool},
    ('source.toolkit.fluxcd.io/v1', 'HelmRepository'): {'url': str, 'interval': str},
    ('helm.toolkit.fluxcd.io/v2', 'HelmRelease'): {
        'chart': {'spec': {'chart': str, 'version': str, 'sourceRef': SOURCE}},
        'interval': str, 'timeout': str, 'install': RETRIES, 'upgrade': dict(RETRIES, crds=str),
        'valuesFrom': [{'kind': str, 'name': str, 'valuesKey': str}], 'values': ANYTHING},
}


def check(value, kind, path):
    """Complaints about a value of a type of python3-kubernetes."""
    if kind.startswith('list['):
        if not isinstance(value, list):
            return ['%s: not a list' % path]
        return [one for i, item in enumerate(value) for one in check(item, kind[5:-1], '%s[%d]' % (path, i))]
    if kind.startswith('dict('):
        if not isinstance(value, dict):
            return ['%s: not a mapping' % path]
        inner = kind[5:-1].split(', ')[1]
        return [one for key, item in value.items() for one in check(item, inner, '%s.%s' % (path, key))]
    plain = {'str': str, 'bool': bool, 'int': int, 'object': (str, int)}.get(kind)
    if plain:
        fits = isinstance(value, plain) and (kind == 'bool' or not isinstance(value, bool))
        return [] if fits else ['%s: not of type %s' % (path, kind)]
    return check_model(value, getattr(models, kind), path)


def check_model(value, model, path):
    """Complaints about a value that is a model: fields that it has not, of another type, or missing."""
    if not isinstance(value, dict):
        return ['%s: not a mapping' % path]
    attributes = {name: attribute for attribute, name in model.attribute_map.items()}
    complaints = []
    for name, item in value.items():
        kind = LATER.get((model.__name__, name)) or model.openapi_types.get(attributes.get(name))
        inner = '%s.%s' % (path, name)
        complaints += check(item, kind, inner) if kind else ['%s: unknown field' % inner]
    try:
        model(**{attributes[name]: item for name, item in value.items() if name in attributes})
    except ValueError as error:
        complaints.append('%s: %s' % (path, error))
    return complaints


def check_custom(value, fields, path):
    """Complaints about a value of a kind that is listed above."""
    if fields is ANYTHING:
        return []
    if fields is TEXTS:
        return check(value, 'dict(str, str)', path)
    if isinstance(fields, type):
        return [] if type(value) is fields else ['%s: not of type %s' % (path, fields.__name__)]
    if isinstance(fields, list):
        if not isinstance(value, list):
            return ['%s: not a list' % path]
        return [one for i, item in enumerate(value) for one in check_custom(item, fields[0], '%s[%d]' % (path, i))]
    if not isinstance(value, dict):
        return ['%s: not a mapping' % path]
    return [one for name, item in value.items() for one in (
        check_custom(item, fields[name], '%s.%s' % (path, name)) if name in fields
        else ['%s.%s: unknown field' % (path, name)])]


def complaints(thing):
    """Complaints about one object."""
    version, kind = thing.get('apiVersion'), thing.get('kind')
    name = '%s/%s' % (kind, thing.get('metadata', {}).get('name'))
    fields = CUSTOM.get((version, kind))
    if fields:
        outside = {key: item for key, item in thing.items() if key not in ('apiVersion', 'kind', 'metadata', 'spec')}
        return check_model(thing['metadata'], models.V1ObjectMeta, name + ': metadata') + [
            '%s: %s: unknown field' % (name, key) for key in outside
        ] + check_custom(thing.get('spec'), fields, name + ': spec')
    model = getattr(models, 'V1%s' % kind, None)
    known = {'v1': ('Namespace', 'ServiceAccount', 'Service', 'ConfigMap'), 'apps/v1': ('DaemonSet',)}
    if not model or kind not in known.get(version, ()):
        return ['%s: no fields known of %s' % (name, version)]
    return check_model(thing, model, name)


def main():
    """All complaints about all files."""
    found = []
    for path in sys.argv[1:]:
        with open(path) as file:
            found += ['%s: %s' % (path, one) for thing in yaml.safe_load_all(file) for one in complaints(thing)]
    print('\n'.join(found), end='')
    sys.exit(1 if found else 0)


main()
