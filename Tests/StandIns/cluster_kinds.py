"""The kinds that the emulated cluster knows, and the versions in which each is served."""


class Kind:
    """A kind of object: its API group, names, and versions with the preferred one first."""

    def __init__(self, group, kind, plural, versions, namespaced=True, short=()):
        self.group = group
        self.kind = kind
        self.plural = plural
        self.versions = versions
        self.namespaced = namespaced
        self.short = list(short)

    @property
    def resource(self):
        """The name in messages: `pods`, `leases.coordination.k8s.io`."""
        return self.plural + ('.' + self.group if self.group else '')


KUSTOMIZE = 'kustomize.toolkit.fluxcd.io'
HELM = 'helm.toolkit.fluxcd.io'
SOURCE = 'source.toolkit.fluxcd.io'
RBAC = 'rbac.authorization.k8s.io'

KINDS = [
    Kind('', 'Namespace', 'namespaces', ['v1'], False, ['ns']),
    Kind('', 'Node', 'nodes', ['v1'], False, ['no']),
    Kind('', 'Pod', 'pods', ['v1'], True, ['po']),
    Kind('', 'ConfigMap', 'configmaps', ['v1'], True, ['cm']),
    Kind('', 'Secret', 'secrets', ['v1']),
    Kind('', 'Service', 'services', ['v1'], True, ['svc']),
    Kind('', 'ServiceAccount', 'serviceaccounts', ['v1'], True, ['sa']),
    Kind('', 'Event', 'events', ['v1'], True, ['ev']),
    Kind('apps', 'Deployment', 'deployments', ['v1'], True, ['deploy']),
    Kind('apps', 'ReplicaSet', 'replicasets', ['v1'], True, ['rs']),
    Kind('apps', 'DaemonSet', 'daemonsets', ['v1'], True, ['ds']),
    Kind('apps', 'StatefulSet', 'statefulsets', ['v1'], True, ['sts']),
    Kind('batch', 'Job', 'jobs', ['v1']),
    Kind('coordination.k8s.io', 'Lease', 'leases', ['v1']),
    Kind(RBAC, 'Role', 'roles', ['v1']),
    Kind(RBAC, 'RoleBinding', 'rolebindings', ['v1']),
    Kind(RBAC, 'ClusterRole', 'clusterroles', ['v1'], False),
    Kind(RBAC, 'ClusterRoleBinding', 'clusterrolebindings', ['v1'], False),
    # In the versions that Flux 2.8 serves; the switch `served` plays older ones.
    Kind(KUSTOMIZE, 'Kustomization', 'kustomizations', ['v1'], True, ['ks']),
    Kind(HELM, 'HelmRelease', 'helmreleases', ['v2'], True, ['hr']),
    Kind(SOURCE, 'GitRepository', 'gitrepositories', ['v1'], True, ['gitrepo']),
    Kind(SOURCE, 'OCIRepository', 'ocirepositories', ['v1'], True, ['ocirepo']),
    Kind(SOURCE, 'HelmRepository', 'helmrepositories', ['v1'], True, ['helmrepo']),
    Kind(SOURCE, 'HelmChart', 'helmcharts', ['v1'], True, ['hc']),
    Kind(SOURCE, 'Bucket', 'buckets', ['v1']),
]

BY_KIND = {kind.kind: kind for kind in KINDS}
FLUX = {'Kustomization', 'HelmRelease', 'GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket'}


def served_versions(kind, switches):
    """The versions of a kind that are served now, none if it is unknown to the cluster.

    `served` has versions by resource (`helmrepositories.source.toolkit.fluxcd.io`) or by group; an empty list means
    that nothing is installed.
    """
    served = switches.get('served', {})
    versions = served.get(kind.resource, served.get(kind.group))
    return kind.versions if versions is None else versions


def discovery(path, switches):
    """The answer to a request for discovery, None if the path is none of its."""
    groups = {}
    for kind in KINDS:
        versions = served_versions(kind, switches)
        if versions:
            known = groups.setdefault(kind.group, [])
            known.extend(version for version in versions if version not in known)
    if path == '/api':
        return {'kind': 'APIVersions', 'versions': ['v1'], 'serverAddressByClientCIDRs': []}
    if path == '/apis':
        return {'kind': 'APIGroupList', 'apiVersion': 'v1',
                'groups': [_group(group, groups[group]) for group in groups if group]}
    parts = path.strip('/').split('/')
    if parts[0] == 'apis' and len(parts) == 2 and parts[1] in groups:
        return dict(_group(parts[1], groups[parts[1]]), kind='APIGroup', apiVersion='v1')
    if path == '/api/v1':
        group, version = '', 'v1'
    elif parts[0] == 'apis' and len(parts) == 3:
        group, version = parts[1], parts[2]
    else:
        return None
    if version not in groups.get(group, []):
        return None
    resources = []
    for kind in KINDS:
        if kind.group == group and version in served_versions(kind, switches):
            resources.append({
                'name': kind.plural, 'singularName': kind.kind.lower(), 'namespaced': kind.namespaced,
                'kind': kind.kind, 'shortNames': kind.short,
                'categories': ['all'] if kind.kind in ('Pod', 'Service') or kind.group in ('apps', 'batch') else [],
                'verbs': ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']})
            resources.append({
                'name': kind.plural + '/status', 'singularName': '', 'namespaced': kind.namespaced,
                'kind': kind.kind, 'verbs': ['get', 'patch', 'update']})
    return {'kind': 'APIResourceList', 'apiVersion': 'v1',
            'groupVersion': (group + '/' if group else '') + version, 'resources': resources}


def _group(group, versions):
    known = [{'groupVersion': '%s/%s' % (group, version), 'version': version} for version in versions]
    return {'name': group, 'versions': known, 'preferredVersion': known[0]}
