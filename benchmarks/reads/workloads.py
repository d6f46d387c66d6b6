"""What is asked: the same of everyone who can be asked it.

The answers are compared by the identifiers in them, each as often as it occurs.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

ENTRY = "entry-of-the-run"
KEY = "987654321"
"""Stand for the identifier and the key of the entry that is read by itself: a challenge with a solution."""


@dataclass(frozen=True)
class Request:
    """One HTTP request; a body makes it a POST of JSON."""

    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def about(self, identifier: str, key: int) -> "Request":
        """This request, of the entry that the run reads by itself."""
        body = self.body.decode().replace(ENTRY, identifier).replace(KEY, str(key))
        return replace(self, path=self.path.replace(ENTRY, identifier), body=body.encode())


def rows(answer: bytes) -> Counter[bytes]:
    """The identifiers in an answer."""
    return Counter(_UUID.findall(answer))


def graphql(path: str, document: str, operation: str | None = None) -> Request:
    body = {"query": document} if operation is None else {"query": document, "operationName": operation}
    return Request(path, json.dumps(body).encode())


PROGRAM_FIELDS = """id: uuid slug title summary curriculum { id: uuid version
    items { id: uuid position isRequired unit { id: uuid kind slug title
        topics { role topic { id: uuid name } } } } }"""
ENTRY_FIELDS = "id: uuid kind title body createdAt author { name }"
ENTRIES_FIELDS = ENTRY_FIELDS + " topics { id: uuid name } solutions { id: uuid title body }"

OURS: dict[str, Request] = {
    "rest-programs": Request("/learning/api/v1/programs/?include=curriculum&page_size=20"),
    "rest-entries": Request("/learning/api/v1/entries/?page_size=50"),
    "rest-entry": Request(f"/learning/api/v1/entries/{ENTRY}/"),
    "graphql-programs": graphql("/learning/graphql/", f"{{ programs(first: 20) {{ nodes {{ {PROGRAM_FIELDS} }} }} }}"),
    "graphql-entries": graphql("/learning/graphql/", f"{{ entries(first: 50) {{ nodes {{ {ENTRIES_FIELDS} }} }} }}"),
    "graphql-entry": graphql("/learning/graphql/", f'{{ entry(id: "{ENTRY}") {{ {ENTRY_FIELDS} }} }}'),
}

LIMITS: dict[str, Request] = {
    name: Request(f"/limit/{name}/" + (f"{ENTRY}/" if name.endswith("entry") else "")) for name in OURS
}


def first_seen(name: str, number: int) -> Request:
    """The document of a GraphQL workload as a text that nobody sent before, asking for what others asked for."""
    request = json.loads(OURS[name].body)
    return graphql(OURS[name].path, f"query Seen{number} {request['query']}")


def first_shape(name: str, number: int) -> Request:
    """The same under an alias that nobody used before: the shape of the answer is another, too."""
    request = json.loads(OURS[name].body)
    return graphql(OURS[name].path, request["query"].replace("title", f"title{number}: title", 1))


def _unpaged(name: str) -> str:
    """The document of a GraphQL workload for a peer whose lists have no connections."""
    root, fields = {
        "graphql-programs": ("programs", PROGRAM_FIELDS),
        "graphql-entries": ("entries", ENTRIES_FIELDS),
        "graphql-entry": (f'entry(id: "{ENTRY}")', ENTRY_FIELDS),
    }[name]
    return f"{{ {root} {{ {fields} }} }}"


REST = {
    "rest-programs": Request("/peer/programs/"),
    "rest-entries": Request("/peer/entries/"),
    "rest-entry": Request(f"/peer/entries/{ENTRY}/"),
}
GRAPHQL = {name: graphql("/peer/graphql/", _unpaged(name)) for name in OURS if name.startswith("graphql")}


def _paginated(request: Request) -> Request:
    """The same for strawberry-django: its lists take a page, and its optimizer knows relations as the models do."""
    body = request.body.decode()
    for name, size in (("programs", 20), ("entries", 50)):
        body = body.replace(f"{{ {name} {{", f"{{ {name}(pagination: {{limit: {size}}}) {{")
    return Request(request.path, body.replace("curriculum {", "curricula {", 1).encode())


PAGINATED = {name: _paginated(request) for name, request in GRAPHQL.items()}


def _by_model(request: Request) -> Request:
    """The same for undine, whose fields are the models'."""
    body = request.body.decode().replace("curriculum {", "curricula {", 1).replace("topics { role", "unitTopics { role")
    body = body.replace("author { name }", "author { firstName lastName }")
    body = body.replace(f'entry(id: \\"{ENTRY}\\")', f"entry(pk: {KEY})")
    return Request(request.path, body.encode())


BY_MODEL = {name: _by_model(request) for name, request in GRAPHQL.items()}


def _by_table(request: Request) -> Request:
    """The same for PostGraphile, whose fields are named after tables and keys; aliases keep the answer's names."""
    document = json.loads(request.body)["query"]
    for ours, theirs in (
        ("programs {", "programs: allPrograms(first: 20, orderBy: [TITLE_ASC, UUID_ASC]) {"),
        ("entries {", "entries: allEntries(first: 50, orderBy: [CREATED_AT_DESC, UUID_DESC]) {"),
        ("entry(id:", "entry: entryByUuid(uuid:"),
        ("curriculum {", "curricula: curriculaByProgramId {"),
        ("items {", "items: curriculumitemsByCurriculumId(orderBy: POSITION_ASC) {"),
        ("unit {", "unit: unitByUnitId {"),
        ("topics { role topic {", "topics: unittopicsByUnitId { role topic: topicByTopicId {"),
        ("topics { id: uuid name }", "topics: entryTopicsByEntryId { topic: topicByTopicId { id: uuid name } }"),
        ("author { name }", "author: authUserByAuthorId { firstName lastName }"),
        ("solutions {", "solutions: entriesByParentId(orderBy: [ACCEPTED_AT_ASC, POSITION_ASC]) {"),
    ):
        document = document.replace(ours, theirs)
    return graphql("/graphql", document)


BY_TABLE = {name: _by_table(request) for name, request in GRAPHQL.items()}

PEERS: dict[str, dict[str, Request]] = {
    "ours": OURS,
    "rest_framework": REST,
    "ninja": REST,
    "graphene_prefetch": GRAPHQL,
    "strawberry_optimizer": PAGINATED,
    "undine_optimizer": BY_MODEL,
    "postgraphile": BY_TABLE,
}
"""What each site is asked, by the name of its worker."""

CACHED: dict[str, dict[str, Request]] = {
    "ours_cached": {name: OURS[name] for name in REST},
    "ours_redis": {name: OURS[name] for name in REST},
    "cache_page": REST,
    "cachalot": REST,
    "cacheops": REST,
}
"""What the sites are asked that keep answers, or rows, in Redis."""
