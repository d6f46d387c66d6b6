"""How fast large files are imported, and how much memory that takes at the most.

``python -m benchmarks.import_sizes [CASE…] [--database postgres|sqlite] [--scale 1.0]``, or ``make bench-import``. Each
case runs in a process of its own with an empty database, which is dropped afterwards; what the process has used before
the import begins is printed beside the peak. A case is an entry of ``CASES``: it makes a
file from nothing and imports it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import table_cases
from benchmarks.table_cases import import_table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


@dataclass(frozen=True, slots=True)
class Case:
    """``make`` writes a file of a size into a folder; ``run`` imports it and tells how many rows it came to."""

    about: str
    size: int
    unit: str
    make: Callable[[Path, int], Path]
    run: Callable[[Path], int]


def make_curriculum(folder: Path, units: int) -> Path:
    """A program of modules with fifty units each, every one with topics and a paragraph."""
    modules = [
        {
            "title": f"Module {module}",
            "units": [
                {
                    "title": f"Unit {module}.{number}",
                    "slug": f"unit-{module}-{number}",
                    "description": "What is done here, in a paragraph of some length. " * 6,
                    "effort_minutes": 90,
                    "topics": [f"Topic {(module * 50 + number) % 400}", "Django"],
                    "requires": [f"Topic {(module * 50 + number - 1) % 400}"],
                }
                for number in range(49)
            ],
        }
        for module in range(units // 50)
    ]
    path = folder / "curriculum.json"
    path.write_text(json.dumps({"prodev": 1, "program": {"title": "Large"}, "units": modules}), encoding="utf-8")
    return path


def make_outline(folder: Path, units: int) -> Path:
    """A Markdown curriculum: a heading for each module and a table of fifty courses under it."""
    lines = ["# A large outline", "", "Everything there is to learn.", "", "## Curriculum", ""]
    for module in range(units // 50):
        lines += [f"### Module {module}: things of kind {module}", ""]
        lines += ["Courses | Duration | Effort | Prerequisites", ":-- | :--: | :--: | :--:"]
        lines += [
            f"[Course {module} {number}](https://courses.example.org/{module}/{number}) | 6 weeks | 4-6 hours/week |"
            for number in range(49)
        ]
        lines.append("")
    path = folder / "outline.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def make_overview(folder: Path, kilobytes: int) -> Path:
    """An overview in Markdown of which no two sections say the same, in the shapes that learners write."""
    path = folder / "overview.md"
    with path.open("w", encoding="utf-8") as file:
        file.write("# A large program\n\nWhat many weeks held.\n")
        week = 0
        while file.tell() < kilobytes * 1_000:
            week += 1
            file.write(_WEEK.format(week=week))
    return path


_WEEK = """
## Week {week}: technologies
- **Python {week}:** generators, decorators and typing, each of them in week {week}.
- **Django:** models and views, and what the admin of site {week} shows.

## Week {week}: concepts
### Idempotence {week}
Doing the thing of week {week} twice comes to the same as doing it once; a key per effect sees to it.

## Week {week}: challenges and solutions
- **Challenge:** Report {week} took a minute, because every row of it asked for its author.
  **Solution:** One statement for all authors of report {week}, and an index on the date.
- **Challenge:** Session {week} was lost whenever somebody deployed.
  **Solution:** It lives in Redis, under key {week}.

### Titled {week}
**Problem:** The build of branch {week} took an hour.

**Solution:** Layers are kept between builds {week}, and tests run side by side.

| Challenge | Solution |
|---|---|
| Time zone {week} was not stored | An offset is, with each of its {week} times |

## Week {week}: best practices
1. Commit what belongs together, as in change {week}.
2. Measure first, as in week {week}.

## Week {week}: takeaways
What was hard in week {week} was easy a week later. I would write the tests before the code again.
"""


def import_document(path: Path) -> int:
    """Import a document as the command does; the rows are all that are written."""
    from django.core.management import call_command

    from django_prodev.models import CurriculumItem, Entry, Project, UnitTopic

    with Path(os.devnull).open("w") as nowhere:
        call_command("prodev_import", str(path), stdout=nowhere, stderr=nowhere)
    return sum(model._default_manager.count() for model in (CurriculumItem, UnitTopic, Entry, Project))


CASES = {
    "curriculum": Case("a curriculum file", 5_000, "units", make_curriculum, import_document),
    "outline": Case("a Markdown curriculum", 5_000, "units", make_outline, import_document),
    "markdown": Case("an overview in Markdown", 5_000, "kB", make_overview, import_document),
    "enrollments": Case("a table of enrolments", 100_000, "rows", table_cases.make_enrollments, import_table),
    "progress": Case("a table of progress", 100_000, "rows", table_cases.make_progress, import_table),
    "topics": Case("a table of topics", 100_000, "rows", table_cases.make_topics, import_table),
    "workbook": Case("enrolments as XLSX", 100_000, "rows", table_cases.make_workbook, import_table),
}


def peak_mib() -> float:
    """The most memory that this process has had, in MiB (the system tells bytes on macOS, kilobytes elsewhere)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(name: str, size: int) -> dict[str, Any]:
    """Run one case in this process, in a database of its own."""
    import django

    django.setup()
    from django.db import connection

    case = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            # In a file, as a site has it: in memory, what is stored would count as memory that the import takes.
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "benchmark.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            path = case.make(Path(folder), size)
            size_bytes = path.stat().st_size
            before = peak_mib()
            start = time.perf_counter()
            rows = case.run(path)
            took = time.perf_counter() - start
            return {"bytes": size_bytes, "rows": rows, "seconds": took, "before": before, "peak": peak_mib()}
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"{', '.join(CASES)}; all of them without one.")
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--scale", type=float, default=1.0, help="A multiple of the usual size.")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.cases:
        if name not in CASES:
            parser.error(f"there is no case {name!r}; there are {', '.join(CASES)}")
    if options.child:
        name = options.cases[0]
        print(json.dumps(measure(name, int(CASES[name].size * options.scale))))
        return
    environment = os.environ | {"PRODEV_TEST_DATABASE": options.database, "PRODEV_TEST_DB_SUFFIX": "benchmark"}
    print(f"{'case':12} {'size':>16} {'file':>9} {'rows':>8} {'seconds':>8} {'rows/s':>8} {'before':>9} {'peak':>9}")
    for name in options.cases or CASES:
        size = int(CASES[name].size * options.scale)
        command = [sys.executable, "-m", "benchmarks.import_sizes", name, "--child", "--scale", str(options.scale)]
        ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        found = json.loads(ran.stdout.splitlines()[-1])
        print(
            f"{name:12} {f'{size:,} {CASES[name].unit}':>16} {found['bytes'] / 1e6:6.1f} MB {found['rows']:8,}"
            f" {found['seconds']:8.1f} {found['rows'] / found['seconds']:8,.0f}"
            f" {found['before']:5.0f} MiB {found['peak']:5.0f} MiB"
        )


if __name__ == "__main__":
    main()
