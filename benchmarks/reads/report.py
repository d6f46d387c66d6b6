"""The tables, and where they are kept."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.reads.__main__ import Measured
    from benchmarks.reads.site import RemoteSite

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"

NAMES = {
    "limit": "limit (a): one SQL statement",
    "ours": "**django-prodev**",
    "first text": "… a document seen for the first time",
    "first shape": "… whose shape is new, too",
    "rest_framework": "REST framework, prefetched",
    "ninja": "django-ninja, prefetched",
    "graphene_prefetch": "graphene-django, prefetched",
    "strawberry_optimizer": "strawberry-django with its optimizer",
    "undine_optimizer": "undine with its optimizer",
    "postgraphile": "PostGraphile 5, in Node",
}
PACKAGES = {
    "limit": ("Django", "psycopg"),
    "ours": ("djangorestframework", "graphql-core", "orjson"),
    "ninja": ("django-ninja",),
    "graphene_prefetch": ("graphene-django",),
    "strawberry_optimizer": ("strawberry-graphql-django",),
    "undine_optimizer": ("undine",),
    "postgraphile": ("postgraphile", "node"),
}
TITLES = {
    "programs": "20 programs with sections and topics",
    "entries": "50 entries with author, topics, solutions",
    "entry": "one entry",
}
GOALS = {"ours": 1.5, "first text": 3.0, "first shape": 3.0, "ours_cached": 2.0, "ours_redis": 2.0, "unchanged": 1.5}
CACHED_NAMES = {
    "limit": "limit (b): bytes from Redis",
    "ours_cached": "**django-prodev**, its stamp checked",
    "ours_redis": "… the bytes from Redis each time",
    "unchanged": "**django-prodev**, unchanged (`If-None-Match`)",
    "cache_page": "REST framework under `cache_page`",
    "cachalot": "REST framework over cachalot",
    "cacheops": "REST framework over cacheops",
}


def reads(measured: "Measured", sites: "dict[str, RemoteSite]", entries: int) -> str:
    """The tables of one run."""
    return "\n".join(
        [
            _about(sites, entries),
            "",
            *_table("REST", "rest", measured),
            "",
            *_table("GraphQL", "graphql", measured),
            *(f"\nDid not run: {NAMES[peer]}: {why}" for peer, why in measured.missing.items()),
        ]
    )


def cached(measured: "Measured", sites: "dict[str, RemoteSite]") -> str:
    """The table of what is answered from the cache."""
    lines = list(_table("REST, from the cache", "rest", measured, CACHED_NAMES))
    said = ", ".join(
        f"{name} {number}"
        for site in sites.values()
        for name, number in site.versions("django-redis", "django-cacheops", "django-cachalot").items()
        if site.peer == "limit"
    )
    missing = (f"\nDid not run: {CACHED_NAMES[peer]}: {why}" for peer, why in measured.missing.items())
    return "\n".join([*lines, *missing, "", f"With {said}."])


def _about(sites: "dict[str, RemoteSite]", entries: int) -> str:
    versions: dict[str, str] = {}
    for peer, site in sites.items():
        versions |= site.versions(*PACKAGES.get(peer, ()))
    said = ", ".join(f"{name} {number}" for name, number in versions.items())
    load = os.getloadavg()[1]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {entries:,} entries, {processor()}, Python {platform.python_version()}, "
        f"{said}; load of the machine during the run {load:.1f} (a quiet run has about 1)."
    )


def processor() -> str:
    """What the machine computes with."""
    with Path("/proc/cpuinfo").open() as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _table(title: str, kind: str, measured: "Measured", names: dict[str, str] = NAMES) -> Iterable[str]:
    workloads = [f"{kind}-{name}" for name in TITLES]
    yield (
        f"| {title} | "
        + " | ".join(f"{TITLES[each.partition('-')[2]]} ({measured.sizes[each] / 1000:.0f} kB)" for each in workloads)
        + " |"
    )
    yield "|---|" + "---|" * len(workloads)
    for site, name in names.items():
        cells = [_cell(site, each, measured) for each in workloads]
        if any(cells):
            yield f"| {name} | " + " | ".join(cells) + " |"


def _cell(site: str, workload: str, measured: "Measured") -> str:
    if (site, workload) not in measured.times:
        return ""
    took = measured.median(site, workload)
    text = f"{took * 1000:.2f} ms"
    if site == "limit":
        return text
    ratio = took / measured.median("limit", workload)
    text += f", {ratio:.2f} ×" if ratio < 10 else f", {ratio:.0f} ×"
    if site in GOALS:
        text += " ✓" if ratio <= GOALS[site] else f" (goal {GOALS[site]} ×)"
    if (site, workload) in measured.statements:
        statements, found = measured.statements[site, workload]
        text += f"; {statements} statement{'s' if statements > 1 else ''}, {found:,} rows"
    return text


def keep(section: str, text: str) -> None:
    """Write a section of the page, between its marks."""
    begin, end = f"<!-- begin {section} -->", f"<!-- end {section} -->"
    page = PAGE.read_text()
    head, _, rest = page.partition(begin)
    tail = rest.partition(end)[2]
    PAGE.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}")
