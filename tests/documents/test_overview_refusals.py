"""What is no overview gives nothing, says why in one line, and is reported whole."""

import pytest

from django_prodev.documents.measure import lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.overview.reading import MAX_LINES
from django_prodev.documents.records import Document
from django_prodev.exceptions import DocumentTooLarge, EmptySkeleton, NotAnOverview, UnfilledTemplate

HEAD = "# Program overview\n\n## Overview\nA program about backends.\n\n## Technologies\n- Python\n\n"

TEMPLATES = {
    "brackets": "## Challenges\n- [Describe a challenge you faced]\n## Best practices\n- [List them]\n",
    "labels": "## Challenges\n- **Challenge:** [Describe it]\n  - **Solution:** [Describe how]\n",
    "headings": "## Challenges\n### Challenge 1: [Title]\n**Problem:** [Text here]\n**Solution:** [Text here]\n",
    "table": "## Challenges\n| Challenge | Solution |\n|---|---|\n| [Challenge] | [Solution] |\n",
    "to do": "## Challenges\nTODO\n\n## Best practices\nTBD\n",
    "later": "## Challenges\nComing soon...\n\n## Best practices\nTo be added.\n",
    "dots": "## Challenges\n- Challenge 1: ...\n- Challenge 2: ...\n",
    "orders": "## Challenges\nDescribe the challenges you faced.\n## Practices\nList the practices you learned.\n",
    "lorem ipsum": (
        "## Challenges\nLorem ipsum dolor sit amet, consectetur adipiscing elit.\n\n## Best practices\n"
        "Lorem ipsum dolor sit amet.\n"
    ),
    "angles": "## Challenges\n- **Challenge:** <your challenge>\n- **Solution:** <your solution>\n",
    "examples": (
        "## Challenges\n- Challenge: e.g. slow queries\n- Solution: e.g. an index\n\n## Practices\n- e.g. write tests\n"
    ),
    "yours": "## Challenges\n- Challenge: Your challenge here\n- Solution: Your solution here\n",
}

SKELETONS = {
    "headings": "# Program\n## Technologies\n## Challenges and Solutions\n## Best practices\n",
    "empty labels": "# Program\n## Challenges\n- **Challenge:**\n  - **Solution:**\n",
    "empty table": "# Program\n## Challenges\n| Challenge | Solution |\n|---|---|\n|  |  |\n",
    "numbered": "# P\n## Learnings\n1. Technologies covered:\n\nPython\n\n2. Challenges faced\n3. Practices\n",
}

OTHERS = {
    "project": "# Shop\n\n## Features\n- Cart\n\n## Installation\n```\nrun\n```\n## Tech Stack\n- Django\n",
    "troubleshooting": "# Shop\n\n## Troubleshooting\n- **Problem:** port in use\n  **Solution:** stop it\n",
    "pitch": "# Shop\n\n## Problem\nPeople wait.\n## Solution\nAn app.\n",
    "known issues": "# Shop\n\n## Known issues\n- Issue: slow\n- Fix: wait\n",
    "changelog": (
        "# Changelog\n\n## 1.2.0\n### Fixed\n- Problem: crash on start. Solution: check for null.\n"
        "- Issue with dates\n### Added\n- Export\n\n## 1.1.0\n### Changed\n- Faster\n"
    ),
    "awesome list": (
        "# Awesome Backend\n\n> A list of things.\n\n## Contents\n- [Frameworks](#frameworks)\n"
        "- [Challenges](#challenges)\n\n## Frameworks\n- [Django](https://x) - A framework.\n\n"
        "## Challenges\n- [Exercism](https://x) - Code practice.\n- [Codewars](https://x) - Katas.\n\n"
        "## Contributing\nOpen a request.\n"
    ),
    "syllabus": (
        "# Backend course\n\n## Prerequisites\n- Python\n\n## Week 1\n- Lecture: HTTP\n"
        "- Challenge: write a server\n\n## Week 2\n- Lecture: SQL\n- Challenge: design a schema\n\n"
        "## Grading\n- Projects 60 %\n"
    ),
    "product page": (
        "# Shop API\n\n## Why\nThe challenge of selling online is trust.\n\n## Features\n"
        "- **Fast checkout**: one click\n- **Problem reports**: by mail\n\n## Architecture\n- Django\n"
        "- PostgreSQL\n\n## Roadmap\n- Payments\n"
    ),
    "issue template": (
        "---\nname: Bug report\n---\n## Describe the bug\nA clear description.\n\n## Steps to reproduce\n"
        "1. Go to\n2. Click\n\n## Expected behaviour\nWhat should happen.\n"
    ),
    "faq": (
        "# FAQ\n\n### Problem: the server does not start\n**Solution:** check the port.\n\n"
        "### Problem: no mail arrives\n**Solution:** look into spam.\n"
    ),
    "installation guide": (
        "# Installation\n\n## Requirements\n- Python 3.11\n\n## Steps\n1. Clone\n2. Install\n\n"
        "## Common problems\n- **Problem:** missing headers\n  **Solution:** install them\n"
    ),
    "meeting notes": (
        "# Meeting 3 May\n\n## Attendees\n- A\n- B\n\n## Issues discussed\n- Deployment is late\n"
        "- Tests are slow\n\n## Actions\n- A: ask the host\n"
    ),
    "tutorial": (
        "# How to cache in Django\n\n## Introduction\nCaching is hard.\n\n## The problem\nPages are slow.\n\n"
        "## The solution\nUse a cache.\n\n```python\ncache.get('x')\n```\n\n## Conclusion\nCache things.\n"
    ),
    "contributing": "# Contributing\n\n## Guidelines\n- Fork it\n- Write tests\n\n## Code of conduct\nBe kind.\n",
    "assignment": (
        "# Project Nexus\n\n## Objective\nDocument your major learnings.\n\n## Instructions\n"
        "1. Create a repository\n2. Write a README that covers:\n   - Key technologies\n"
        "   - Challenges faced and solutions implemented\n   - Best practices and personal takeaways\n\n"
        "## Evaluation\n- Clarity\n- Completeness\n"
    ),
    "coding exercises": "# 30 coding challenges\n\n## Challenge 1: Sum\n**Problem:** Add.\n**Solution:** `a + b`\n",
    "table of exercises": (
        "# Thirty days\n\n## Challenges\n| Day | Challenge | Solution |\n|---|---|---|\n"
        "| 1 | [Reverse a list](day1/task.md) | [reverse.py](day1/reverse.py) |\n"
        "| 2 | Count the words | [count.py](day2/count.py) |\n"
    ),
    "features": "# Quiz\n\n## Features\n- **Challenges**: a new one each week\n- **Solutions**: shown on Sunday\n",
    "problems of whoever sets it up": (
        "# Shop\n\n## Setup\n1. Clone\n\n### Common problems during setup\n- Problem: no headers. Solution: get them.\n"
    ),
    "pages of help": (
        "# Shop\n\n## Troubleshooting\n### Docker\n#### Port in use\n- Problem: no start\n- Fix: stop the other\n"
        "#### No mail\n- Problem: nothing arrives\n- Fix: look into spam\n"
    ),
    "questions": "# Shop\n\n### Q: Is it free?\nA: Yes.\n\n### Q: Is it fast?\nA: Yes, we added a cache.\n",
    "article": "# Queues\n\nThe challenge of queues is order. A consumer solves it with keys.\n\nKeys are short.\n",
    "title": "# Shop\n",
    "nothing": "",
}


@pytest.mark.parametrize("body", TEMPLATES.values(), ids=TEMPLATES)
def test_an_unfilled_template_gives_nothing(body: str) -> None:
    with pytest.raises(UnfilledTemplate):
        read_overview(HEAD + body)


@pytest.mark.parametrize("text", SKELETONS.values(), ids=SKELETONS)
def test_an_empty_skeleton_gives_nothing(text: str) -> None:
    with pytest.raises(EmptySkeleton):
        read_overview(text)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_tells_of_no_learning_gives_nothing(text: str) -> None:
    with pytest.raises(NotAnOverview):
        read_overview(text)


@pytest.mark.parametrize("text", [HEAD + TEMPLATES["labels"], SKELETONS["headings"], OTHERS["project"]])
def test_a_refusal_says_why_in_one_line_and_holds_the_whole_source(text: str) -> None:
    with pytest.raises(NotAnOverview) as refused:
        read_overview(text)
    assert refused.value.message
    assert "\n" not in refused.value.message
    document = refused.value.document
    assert isinstance(document, Document)
    assert document.records == ()
    assert lost_words(text, document) == {}


def test_a_template_filled_in_part_gives_what_was_filled_in() -> None:
    text = (
        HEAD
        + "## Challenges\n- **Challenge:** [Describe it]\n- **Challenge:** Slow reports\n  **Solution:** An index\n"
    )
    document = read_overview(text)
    assert [record.title for record in document.of("challenge")] == ["Slow reports"]
    assert any("never filled in" in piece.reason for piece in document.left_out)


def test_too_many_lines_are_refused_before_parsing() -> None:
    with pytest.raises(DocumentTooLarge):
        read_overview("\n" * (MAX_LINES + 1))
