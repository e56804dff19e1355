"""Conditions of Flux's objects, and what their specs say in short."""

from cluster_store import now_text


def condition(thing, name, status, reason, message=''):
    """Sets a condition; its time moves only if its status does."""
    conditions = thing['status'].setdefault('conditions', [])
    old = next((one for one in conditions if one['type'] == name), None)
    new = {'type': name, 'status': status, 'reason': reason, 'message': message,
           'observedGeneration': thing['metadata']['generation'],
           'lastTransitionTime': old['lastTransitionTime'] if old and old['status'] == status else now_text()}
    thing['status']['conditions'] = [one for one in conditions if one['type'] != name] + [new]


def no_condition(thing, name):
    conditions = thing['status'].get('conditions', [])
    thing['status']['conditions'] = [one for one in conditions if one['type'] != name]


def is_ready(thing):
    """Ready for the generation that is asked for."""
    status = thing.get('status', {})
    return status.get('observedGeneration') == thing['metadata']['generation'] and any(
        one['type'] == 'Ready' and one['status'] == 'True' for one in status.get('conditions', []))


def parse_duration(text, default):
    """Go's durations, like `1m30s`."""
    total, number = 0.0, ''
    for character in text or default:
        if character.isdigit() or character == '.':
            number += character
        else:
            total += float(number or 0) * {'h': 3600, 'm': 60, 's': 1}.get(character, 0)
            number = ''
    return total


def written_out(short):
    """A workload given in short, as a manifest."""
    labels = dict({'app': short['name']}, **short.get('labels', {}))
    containers = [{'name': short['name'] if index == 0 else '%s-%d' % (short['name'], index), 'image': image}
                  for index, image in enumerate(short.get('images', []))]
    for key in ('command', 'args'):
        for container in containers:
            if key in short:
                container[key] = short[key]
    metadata = {'name': short['name'], 'labels': labels}
    if 'namespace' in short:
        metadata['namespace'] = short['namespace']
    pod = {'containers': containers}
    spec = {'template': {'metadata': {'labels': dict(labels)}, 'spec': pod}}
    if short['kind'] == 'Job':
        pod['restartPolicy'] = 'Never'
    else:
        spec['selector'] = {'matchLabels': {'app': short['name']}}
    if 'replicas' in short:
        spec['replicas'] = short['replicas']
    if short['kind'] == 'Pod':
        return {'kind': 'Pod', 'metadata': metadata, 'spec': pod}
    return {'kind': short['kind'], 'metadata': metadata, 'spec': spec if containers else {}}


def inject(one, images):
    """A Kustomization's `images`: another name or tag for the images of that name."""
    pod = one.get('spec', {})
    for container in pod.get('template', {}).get('spec', pod).get('containers', []):
        name, colon, tag = container['image'].partition('@')[0].rpartition(':')
        if not colon or '/' in tag:
            name, tag = container['image'], ''
        for image in images:
            if image['name'] == name:
                renamed = image.get('newName', name)
                if image.get('digest'):
                    container['image'] = renamed + '@' + image['digest']
                else:
                    tag = image.get('newTag', tag)
                    container['image'] = renamed + (':' + tag if tag else '')
