"""A program as linked data in the vocabulary of schema.org (https://schema.org/EducationalOccupationalProgram).

Only properties that schema.org gives these types are written: a program has courses, a course has parts, and topics are
what they teach, assess or require. Entries, projects and people are left away: this is what search engines read.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from django_prodev.documents.wording import clean_title
from django_prodev.markdown import plain_text

CONTEXT = "https://schema.org"

_SUMMARY_LIMIT = 5_000
_MINUTES = 60

# Markup that ends the element, or begins a comment, cannot stand in it if these are written as escapes.
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def write(curriculum: dict[str, Any]) -> str:
    """The JSON-LD text of a program in the curriculum format, indented, with a line end at its end."""
    value = program_value(curriculum)
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def program_value(curriculum: Mapping[str, Any], *, url: str = "") -> dict[str, Any]:
    """A program in the curriculum format as JSON-LD.

    ``url`` is the absolute address of the program's page, if it has one.
    """
    program = curriculum["program"]
    topics = {clean_title(topic["name"]).casefold(): topic for topic in curriculum.get("topics", [])}
    provider = _provider(curriculum.get("provider", {}))
    language = program.get("language", "en")
    courses = [
        {"@type": "Course"}
        | _part(unit, topics, position)
        | _told({"provider": provider, "inLanguage": language, "educationalLevel": program.get("level", "")})
        for position, unit in enumerate(curriculum.get("units", []), start=1)
    ]
    hours = program.get("effort_hours")
    value = {
        "@context": CONTEXT,
        "@type": "EducationalOccupationalProgram",
        "@id": url,
        "url": url,
        "identifier": program.get("id") or program.get("slug", ""),
        "name": clean_title(program["title"]),
        "description": _description(program.get("summary", ""), program.get("description", ""), program["title"]),
        "provider": provider,
        "timeToComplete": f"PT{hours}H" if hours else "",
        "hasCourse": courses,
    }
    return _told(value)


def embedded(value: Mapping[str, Any]) -> str:
    """JSON-LD as it may stand inside a ``script`` element, whatever the texts in it hold."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _part(unit: Mapping[str, Any], topics: Mapping[str, Any], position: int) -> dict[str, Any]:
    """What any unit has: a course is a learning resource, and so are its parts."""
    minutes = unit.get("effort_minutes")
    roles = _roles(unit.get("topics", []), topics)
    parts = [
        {"@type": "Course" if inner.get("kind") == "course" else "LearningResource"} | _part(inner, topics, number)
        for number, inner in enumerate(unit.get("units", []), start=1)
    ]
    return _told(
        {
            "name": clean_title(unit["title"]),
            "description": _description("", unit.get("description", ""), unit["title"]),
            "url": unit.get("url", ""),
            "identifier": unit.get("id") or unit.get("slug", ""),
            "learningResourceType": unit.get("kind", ""),
            "position": position,
            "timeRequired": _duration(minutes) if minutes else "",
            "teaches": [*roles["teaches"], *roles["practices"]],
            "assesses": roles["assesses"],
            "competencyRequired": roles["requires"],
            "hasPart": parts,
        }
    )


def _duration(minutes: int) -> str:
    """Minutes as an ISO 8601 duration."""
    hours, rest = divmod(minutes, _MINUTES)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")


def _roles(references: Iterable[Any], topics: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"teaches": [], "practices": [], "assesses": [], "requires": []}
    for reference in references:
        named = reference if isinstance(reference, dict) else {"name": reference}
        term = _term(topics.get(clean_title(named["name"]).casefold(), named))
        role = found[named.get("role", "teaches")]
        if term not in role:
            role.append(term)
    return found


def _term(topic: Mapping[str, Any]) -> dict[str, Any]:
    return {"@type": "DefinedTerm"} | _told(
        {"name": clean_title(topic["name"]), "termCode": topic.get("slug", ""), "sameAs": topic.get("uri", "")}
    )


def _provider(provider: Mapping[str, Any]) -> dict[str, Any]:
    if not provider:
        return {}
    return {"@type": "Organization"} | _told(
        {
            "name": clean_title(provider.get("name") or provider["slug"]),
            "url": provider.get("url", ""),
            "description": plain_text(provider.get("description", ""))[:_SUMMARY_LIMIT],
        }
    )


def _description(summary: str, markdown: str, title: str) -> str:
    """Text without marks; search engines ask for one, so the title stands in where there is none."""
    return clean_title(summary) or plain_text(markdown)[:_SUMMARY_LIMIT].rstrip() or clean_title(title)


def _told(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if part not in ("", None, [], {})}
