"""Where workflows and actions name images: containers, services, ``docker://``, inputs of actions.

The keys are those of the pages "Workflow syntax" and "Metadata syntax" of GitHub's documentation,
which Gitea and Forgejo follow.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from boltseal.source import Source
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, documents, join
from boltseal_rules.github.expressions import Name, choices, expressions
from boltseal_rules.github.inputs import Extract, docker_url, inputs, qualified, reference
from boltseal_rules.github.names import Scope, child, entry, text_of
from boltseal_rules.github.trace import Site

NEEDS = ("container", "image", "Image", "IMAGE", "services", "docker://", "generator=", "./")
"""What stands in every file that names an image, or hands one to a file beside it."""
_WHEELS = re.compile(r"CIBW_(?:MANYLINUX|MUSLLINUX)_\w+_IMAGE")
_LOCAL = re.compile(r"\./(?!.*(?:^|/)\.\.(?:/|$))(.+?)/*")
_FOLDERS = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/")
_USED = re.compile(r"\buses[\"']?[ \t]*:[ \t]*[\"']?(\./[^\s\"'#]+)")
_MAX_VISITS = 16
_MAX_CALLS = 3


def is_workflow(root: Node | None) -> bool:
    """Whether a document is a workflow: it says when it runs, and its jobs say where or what."""
    if not isinstance(root, Mapping) or root.get("on") is None:
        return False
    jobs = root.get("jobs")
    if not isinstance(jobs, Mapping):
        return False
    keys = {
        name for _, job in jobs.scalars() if isinstance(job, Mapping) for name, _ in job.scalars()
    }
    return bool(keys & {"runs-on", "uses", "steps"})


def is_action(root: Node | None) -> bool:
    """Whether a document is an action: it says by what it runs."""
    return isinstance(child(root, "runs", "using"), Scalar)


def file_sites(source: Source, root: Mapping, calls: int = 0) -> Iterator[Site]:
    """Every spot of a workflow or an action that names an image.

    ``calls`` counts the files through which this one was reached.
    """
    walk = _Walk(source, calls)
    if is_action(root):
        yield from walk.action(root)
    else:
        yield from walk.workflow(root)


class _Walk:
    """A walk over one document; a node that many aliases lead to is not visited for each."""

    def __init__(self, source: Source, calls: int) -> None:
        self._source = source
        self._calls = calls
        self._visits: Counter[int] = Counter()

    def workflow(self, root: Mapping) -> Iterator[Site]:
        scope = Scope(root)
        yield from _wheels(root, "", scope)
        jobs = child(root, "jobs")
        for name, job, _ in jobs.effective() if isinstance(jobs, Mapping) else ():
            if isinstance(job, Mapping) and self._visit(job):
                yield from self._job(scope._replace(job=job, route=f"jobs.{name}"), job)

    def action(self, root: Mapping) -> Iterator[Site]:
        scope = Scope(root)
        image = child(root, "runs", "image")
        if image is not None:
            yield Site("runs.image", image, scope, docker_url)
        yield from self._steps(child(root, "runs", "steps"), "runs.steps", scope)

    def _visit(self, node: Node) -> bool:
        self._visits[id(node)] += 1
        return self._visits[id(node)] <= _MAX_VISITS

    def _job(self, scope: Scope, job: Mapping) -> Iterator[Site]:
        yield from _wheels(job, scope.route, scope)
        container = entry(job, "container")
        if container:
            yield from _container(container[1], join(scope.route, container[0]), scope)
        services = entry(job, "services")
        if services and self._visit(services[1]):
            route = join(scope.route, services[0])
            if isinstance(services[1], Scalar):
                yield Site(route, services[1], scope, reference, services=True)
            elif isinstance(services[1], Mapping):
                for name, service, _ in services[1].effective():
                    yield from _container(service, join(route, name), scope)
        yield from self._use(job, scope.route, scope)
        yield from self._steps(child(job, "steps"), join(scope.route, "steps"), scope)

    def _steps(self, steps: Node | None, route: str, scope: Scope) -> Iterator[Site]:
        if not isinstance(steps, Sequence) or not self._visit(steps):
            return
        for index, step in enumerate(steps.items):
            if isinstance(step, Mapping) and self._visit(step):
                way = f"{route}[{index}]"
                inner = scope._replace(step=step, step_route=way)
                yield from _wheels(step, way, inner)
                yield from self._use(step, way, inner)

    def _use(self, holder: Mapping, route: str, scope: Scope) -> Iterator[Site]:
        """An image run as an action, and the images that an action or a workflow is given."""
        uses = entry(holder, "uses")
        if not uses or not isinstance(uses[1], Scalar):
            return
        yield Site(join(route, uses[0]), uses[1], scope, docker_url)
        given = entry(holder, "with")
        if not given:
            return
        for name, extract in self._inputs(uses[1].value.strip()):
            found = entry(given[1], name)
            if found:
                way = join(join(route, given[0]), found[0])
                yield Site(way, found[1], scope, extract)

    def _inputs(self, uses: str) -> Iterator[tuple[str, Extract]]:
        """The inputs that name images: of an action that is known, or of a file beside this one."""
        yield from inputs(uses)
        if uses.startswith("./") and self._calls < _MAX_CALLS:
            yield from _demands(self._source, uses, self._calls + 1)


def _container(node: Node, route: str, scope: Scope) -> Iterator[Site]:
    """A container: its image as text, or under ``image``."""
    image = entry(node, "image")
    if image:
        yield Site(join(route, image[0]), image[1], scope, reference)
    elif isinstance(node, Scalar):
        yield Site(route, node, scope, reference)


def _wheels(holder: Mapping, route: str, scope: Scope) -> Iterator[Site]:
    """The variables by which cibuildwheel is told its images."""
    env = entry(holder, "env")
    for name, value, _ in env[1].effective() if env and isinstance(env[1], Mapping) else ():
        if _WHEELS.fullmatch(name):
            yield Site(join(join(route, "env"), name), value, scope, qualified)


def _demands(source: Source, uses: str, calls: int) -> Iterator[tuple[str, Extract]]:
    """The inputs that a workflow or action of this repository takes for images."""
    called = _called(source, uses)
    if called is None or called.path == source.path:
        return
    for document in documents(called, NEEDS):
        root = document.root
        if isinstance(root, Mapping) and (is_workflow(root) or is_action(root)):
            yield from dict.fromkeys(_asked(called, root, calls))


def _asked(source: Source, root: Mapping, calls: int) -> Iterator[tuple[str, Extract]]:
    for site in file_sites(source, root, calls):
        text = text_of(site.node)
        for start, end in expressions(text):
            if not text[:start].strip() and not text[end:].strip():
                names = (it.path for it in choices(text, start, end) if isinstance(it, Name))
                yield from ((n[1], site.extract) for n in names if n[0] == "inputs" and len(n) == 2)


def called_files(source: Source) -> Iterator[Source]:
    """The workflows and actions of this repository that a file calls, each once, a few at most."""
    names = dict.fromkeys(it[1] for it in _USED.finditer(source.text))
    for name in islice(names, _MAX_VISITS):
        called = _called(source, name)
        if called is not None and called.path != source.path:
            yield called


def _called(source: Source, uses: str) -> Source | None:
    """The file that ``uses: ./…`` names, which is looked up from the top of the repository."""
    match = _LOCAL.fullmatch(uses)
    folder = _FOLDERS.search(source.path)
    if not match or not folder:
        return None
    top = source.path[: folder.start()]
    base = f"{top}/{match[1]}" if folder.start() or source.path.startswith("/") else match[1]
    names = (base,) if base.endswith((".yml", ".yaml")) else ()
    for path in (*names, f"{base}/action.yml", f"{base}/action.yaml"):
        found = source.tree.read(path)
        if found:
            return found
    return None
