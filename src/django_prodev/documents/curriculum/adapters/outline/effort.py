"""How long something takes, as people write it: "13 weeks" at "6-8 hours/week", "2h 30m", "90 min". In minutes."""

import re

from django_prodev.documents.vocabulary import fold

_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_RANGE = rf"{_NUMBER}(?:\s{{0,3}}(?:-|–|—|~|to|a|à|bis|o)\s{{0,3}}{_NUMBER})?"
_UNITS = {
    "minute": r"minutes?|mins?|minutos?|m(?![a-z])|دقيقة|دقائق",
    "hour": r"hours?|hrs?|heures?|horas?|h(?![a-z])|ساعة|ساعات",
    "day": r"days?|jours?|dias?|d(?![a-z])|يوم|أيام|ايام",
    "week": r"weeks?|wks?|semaines?|semanas?|w(?![a-z])|أسابيع|اسابيع|أسبوع|اسبوع",
    "month": r"months?|mois|mes(?:es)?|شهر|أشهر|اشهر",
    "year": r"years?|ans?|años?|anos?|سنة|سنوات",
}
_UNIT = "|".join(f"(?P<{unit}>{names})" for unit, names in _UNITS.items())
_AMOUNT = re.compile(rf"{_RANGE}\s{{0,3}}\+?\s{{0,3}}(?:{_UNIT})\.?", re.IGNORECASE)
_PER_WEEK = re.compile(
    r"^\s{0,3}(?:/|per|a|each|par|por|p/)\s{0,3}(?:week|wk|w\b|semaine|semana)|^\s{0,3}(?:weekly|أسبوعيا|اسبوعيا)",
    re.IGNORECASE,
)
_PER_DAY = re.compile(r"^\s{0,3}(?:/|per|a|each|par|por)\s{0,3}(?:day|jour|dia)|^\s{0,3}daily", re.IGNORECASE)
_MINUTES = {"minute": 1, "hour": 60}
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}
_MOST_MINUTES = 10_000_000
_LONGEST = 200


def effort_minutes(*texts: str) -> int | None:
    """The minutes of work that these texts together give, or ``None`` where they give none.

    Hours and minutes add up. Hours for each week (or day) are taken times the weeks, where a length is given; of a
    range the middle is taken. A length alone, without hours, is no effort: a course of ten weeks may be anything.
    """
    work = 0.0
    weekly = 0.0
    weeks = 0.0
    for text in texts:
        folded = fold(text[:_LONGEST])
        for match in _AMOUNT.finditer(folded):
            amount = _middle(match[1], match[2])
            unit = str(match.lastgroup)
            after = folded[match.end() :]
            if unit not in _MINUTES:
                weeks = weeks or amount * _WEEKS[unit]
            elif _PER_WEEK.match(after):
                weekly = weekly or amount * _MINUTES[unit]
            elif _PER_DAY.match(after):
                weekly = weekly or 7 * amount * _MINUTES[unit]
            else:
                work += amount * _MINUTES[unit]
    minutes = round(work or weekly * weeks)
    return minutes if 0 < minutes <= _MOST_MINUTES else None


def _middle(first: str, second: str | None) -> float:
    numbers = [float(number.replace(",", ".")) for number in (first, second) if number]
    return sum(numbers) / len(numbers)
