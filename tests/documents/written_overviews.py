"""Overviews as Hypothesis writes them: so many challenges, in a shape and a style, with sections around them."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

TOLD = (
    ("Slow reports", "Reports took a minute to open", "Added an index on the date column"),
    ("Lost sessions", "Everybody was logged out by each release", "Moved sessions to Redis"),
    ("Stale prices", "Old prices stayed on the page for hours", "Shortened the expiry and named the keys by version"),
    ("Merge conflicts", "Two branches touched the same lines", "Rebased every morning and kept branches small"),
    ("Blocked builds", "Each build waited for the one before", "Split the pipeline into three jobs"),
    ("Layout jumps", "The page moved while it loaded", "Reserved the space with fixed sizes"),
)

WORDS = (
    ("Challenge", "Solution"),
    ("Problem", "Fix"),
    ("Issue", "Resolution"),
    ("Obstacle", "How I solved it"),
    ("Difficulty", "What I did"),
    ("Défi", "Solution"),
    ("Desafío", "Solución"),
    ("Desafio", "Solução"),
    ("Herausforderung", "Lösung"),
    ("التحدي", "الحل"),
)
HEADINGS = (
    "Challenges and Solutions",
    "Challenges Faced & How I Solved Them",
    "🧩 Challenges & Solutions",
    "3. Challenges Encountered and Their Solutions",
    "Problems Faced and Solutions",
    "Obstacles and how I overcame them",
    "Défis rencontrés et solutions",
    "Desafíos y soluciones",
    "Desafios e soluções",
    "Herausforderungen und Lösungen",
    "التحديات والحلول",
)


@dataclass(frozen=True, slots=True)
class Style:
    """How marks are written."""

    bullet: str
    label: str
    indent: str
    gap: str
    level: int
    words: tuple[str, str]

    def said(self, which: int, text: str) -> str:
        """A label with its text."""
        return f"{self.label.format(self.words[which])} {text}"

    def heading(self, text: str, below: int = 0) -> str:
        """A heading, so many levels below that of the sections."""
        return f"{'#' * (self.level + below)} {text}"


STYLES = st.builds(
    Style,
    bullet=st.sampled_from(["- ", "* ", "+ ", "• ", "1. ", "- [x] "]),
    label=st.sampled_from(["**{}:**", "**{}**:", "{}:", "*{}:*", "__{}:__", "**{}** –", "**{}** —", "**{} :**"]),
    indent=st.sampled_from(["   ", "    ", "\t"]),
    gap=st.sampled_from(["\n", "\n\n"]),
    level=st.sampled_from([1, 2, 3]),
    words=st.sampled_from(WORDS),
)

Told = tuple[str, str, str]


def headings_with_labels(told: list[Told], style: Style) -> str:
    return "\n\n".join(
        f"{style.heading(f'{at}. {title}', 1)}\n{style.said(0, what)}{style.gap}{style.said(1, done)}"
        for at, (title, what, done) in enumerate(told, start=1)
    )


def headings_with_solutions(told: list[Told], style: Style) -> str:
    return "\n\n".join(f"{style.heading(title, 1)}\n{style.said(1, done)}" for title, _, done in told)


def labelled_items(told: list[Told], style: Style) -> str:
    return style.gap.join(
        f"{style.bullet}{style.said(0, what)}\n{style.indent}{style.said(1, done)}" for _, what, done in told
    )


def nested_items(told: list[Told], style: Style) -> str:
    return "\n".join(
        f"{style.bullet}{style.said(0, what)}\n{style.indent}- {style.said(1, done)}" for _, what, done in told
    )


def titles_with_labels(told: list[Told], style: Style) -> str:
    return "\n".join(
        f"{style.bullet}**{title}**\n{style.indent}- {style.said(0, what)}\n{style.indent}- {style.said(1, done)}"
        for title, what, done in told
    )


def titles_with_prose(told: list[Told], style: Style) -> str:
    return style.gap.join(f"{style.bullet}**{title}:** {done}." for title, _, done in told)


def plain_labels(told: list[Told], style: Style) -> str:
    return "\n\n".join(f"{style.words[0]}: {what}.{style.gap}{style.words[1]}: {done}." for _, what, done in told)


def table(told: list[Told], style: Style) -> str:
    rows = "\n".join(f"| {what} | {done} |" for _, what, done in told)
    return f"| {style.words[0]} | {style.words[1]} |\n|---|---|\n{rows}"


def wide_table(told: list[Told], style: Style) -> str:
    rows = "\n".join(f"| {at} | {title} | {what} | {done} |" for at, (title, what, done) in enumerate(told, start=1))
    return f"| # | Area | {style.words[0]} | {style.words[1]} |\n|:-:|---|---|---|\n{rows}"


def split_lists(told: list[Told], style: Style) -> str:
    challenges = "\n".join(f"{style.bullet}{what}" for _, what, _ in told)
    solutions = "\n".join(f"{style.bullet}{done}" for _, _, done in told)
    return f"{style.heading('Challenges', 1)}\n{challenges}\n\n{style.heading('Solutions', 1)}\n{solutions}"


def folded(told: list[Told], style: Style) -> str:
    return "\n".join(
        f"<details>\n<summary>{title}</summary>\n\n{style.said(0, what)}\n\n{style.said(1, done)}\n\n</details>"
        for title, what, done in told
    )


SHAPES: dict[str, Callable[[list[Told], Style], str]] = {
    shape.__name__: shape
    for shape in (
        headings_with_labels,
        headings_with_solutions,
        labelled_items,
        nested_items,
        titles_with_labels,
        titles_with_prose,
        plain_labels,
        table,
        wide_table,
        split_lists,
        folded,
    )
}


@dataclass(frozen=True, slots=True)
class Written:
    """A document, and how many challenges it tells of; each has its solution."""

    text: str
    shape: str
    challenges: int
    pairs: tuple[tuple[str, str], ...]


@st.composite
def overviews(draw: st.DrawFn) -> Written:
    """An overview with two to six solved challenges in one shape and one style."""
    style = draw(STYLES)
    shape = draw(st.sampled_from(sorted(SHAPES)))
    told = draw(st.lists(st.sampled_from(TOLD), min_size=2, max_size=6, unique=True))
    heading = draw(st.sampled_from(HEADINGS))
    before = f"# Backend apprenticeship\n\nTwelve weeks.\n\n{style.heading('Technologies')}\n\n- Python\n- Docker\n"
    after = (
        f"{style.heading('Best Practices')}\n\n- Measure first.\n\n{style.heading('Setup')}\n\n```sh\n# run it\n```\n"
    )
    text = f"{before}\n{style.heading(heading)}\n\n{SHAPES[shape](told, style)}\n\n{after}"
    return Written(draw(st.sampled_from([text, text.replace("\n", "\r\n")])), shape, len(told), _pairs(told))


def _pairs(told: list[Told]) -> tuple[tuple[str, str], ...]:
    return tuple((title, done) for title, _, done in told)
