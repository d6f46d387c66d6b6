"""Which stored unit a unit of a file is, where the file calls it by another slug than before."""

from collections import Counter
from collections.abc import Iterable

from django_prodev.documents.plan.structure import Structure
from django_prodev.documents.records import Record
from django_prodev.models import Unit


def stored_slugs(records: Iterable[Record], structure: Structure) -> dict[str, str]:
    """The slug of each record's unit by the record's key: the stored one where the unit is in the curriculum already.

    A unit is found by its identifier, then by its slug. A file that does not name slugs itself makes them of titles;
    what is retitled there is found by its web address, if that leads to one unit alone.
    """
    records = list(records)
    arranged = {slug: structure.units[slug] for slug in structure.stored.places}
    by_id = {unit.external_id: slug for slug, unit in arranged.items() if unit.external_id}
    slugs = {record.key: record.extra["slug"] for record in records}
    said = set(slugs.values())
    by_url = _by_url(unit for slug, unit in arranged.items() if slug not in said)
    urls = Counter(record.extra.get("url", "") for record in records)
    taken: set[str] = set()
    for record in records:
        identifier, url = record.extra.get("id", ""), record.extra.get("url", "")
        found = by_id.get(identifier, "") if identifier else ""
        if not found and slugs[record.key] not in arranged and not record.extra.get("is_named") and urls[url] == 1:
            found = by_url.get(url, "")
        if found and found not in taken and (found == slugs[record.key] or found not in said):
            slugs[record.key] = found
            taken.add(found)
    return slugs


def _by_url(units: Iterable[Unit]) -> dict[str, str]:
    """The slugs of units by the address that leads to one of them alone."""
    found: dict[str, list[str]] = {}
    for unit in units:
        if unit.url:
            found.setdefault(unit.url, []).append(unit.slug)
    return {url: slugs[0] for url, slugs in found.items() if len(slugs) == 1}
