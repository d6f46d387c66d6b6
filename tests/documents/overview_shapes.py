"""Small documents, one a shape, with how many challenges they tell of and how many are solved.

All of them are written for this suite.
"""

from typing import NamedTuple


class Shape(NamedTuple):
    """A document and its counts; ``pairs`` says, for some, a word of the challenge and one of its solution."""

    name: str
    text: str
    challenges: int
    solved: int
    pairs: tuple[tuple[str, str], ...] = ()


TAIL = """
## Best practices
- Name things for what they are.
- Keep functions short.
"""

_BODIES: list[tuple[str, str, int, int, tuple[tuple[str, str], ...]]] = [
    (
        "heading per challenge with labels",
        """
## Challenges and solutions
### Challenge 1: Slow reports
**Problem:** Reports took a minute.

**Solution:** An index on the date column.

**Outcome:** Two seconds.
### Challenge 2: Lost sessions
**Problem:** Sessions vanished on deploy.

**Solution:**
- Moved sessions to Redis
- Added a health check
""",
        2,
        2,
        (("reports", "index"), ("sessions", "redis")),
    ),
    (
        "headings numbered, labels as bullets",
        """
## Challenges
### 1. Slow reports
- **Context**: Reports took a minute.
- **Cause**: No index.
- **Fix**: Added one.
### 2. Lost sessions
- **Context**: Sessions vanished.
- **Fix**: Redis.
""",
        2,
        2,
        (("reports", "added"), ("sessions", "redis")),
    ),
    (
        "headings with label headings under them",
        """
## Challenges Faced
### Slow reports
#### Problem
Reports took a minute.
#### Solution
An index.
### Lost sessions
#### Problem
Sessions vanished.
#### Solution
Redis.
""",
        2,
        2,
        (("reports", "index"), ("sessions", "redis")),
    ),
    (
        "headings at the level of their announcement",
        """
## Challenges & Solutions
## 1. Slow reports
**Challenge:** Reports took a minute.
**Solution:** An index.
## 2. Lost sessions
**Challenge:** Sessions vanished.
**Solution:** Redis.
## Best Practices
- Measure first.
""",
        2,
        2,
        (("reports", "index"),),
    ),
    (
        "challenge headings without an announcement",
        """
## Technologies
- Python
## Challenge 1: Slow reports
Reports took a minute.

**Solution:** An index.
## Challenge 2: Lost sessions
Sessions vanished.

**Solution:** Redis.
""",
        2,
        2,
        (("reports", "index"), ("sessions", "redis")),
    ),
    (
        "emoji before labels",
        """
## 🚧 Challenges & Solutions 💡
### 🐢 Slow reports
🔴 **Problem:** Reports took a minute.
🟢 **Solution:** An index.
### 🔑 Lost sessions
🔴 **Problem:** Sessions vanished.
🟢 **Solution:** Redis.
""",
        2,
        2,
        (("reports", "index"),),
    ),
    (
        "challenge and solution headings as siblings",
        """
## Challenges and solutions
### Challenge
Reports took a minute.
### Solution
An index.
### Challenge
Sessions vanished.
### Solution
Redis.
""",
        2,
        2,
        (("reports", "index"), ("sessions", "redis")),
    ),
    (
        "bullet with its solution on the next line",
        """
## Challenges
- **Challenge:** Slow reports
  **Solution:** An index
- **Challenge:** Lost sessions
  **Solution:** Redis
""",
        2,
        2,
        (("reports", "index"),),
    ),
    (
        "lazy continuation",
        """
## Challenges
* Challenge: Slow reports
Solution: An index
* Challenge: Lost sessions
Solution: Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "labels on one line",
        """
## Challenges
- **Challenge:** Slow reports. **Solution:** An index.
- **Challenge:** Lost sessions. **Solution:** Redis.
- **Challenge:** Flaky tests → **Solution:** Frozen clock.
""",
        3,
        3,
        (("tests", "clock"),),
    ),
    (
        "numbered items, dashes for colons",
        """
## Challenges
1. **Challenge** – Slow reports
   **Solution** – An index
2. **Challenge** – Lost sessions
   **Solution** – Redis
""",
        2,
        2,
        (("reports", "index"),),
    ),
    (
        "label and text in blank-separated paragraphs of an item",
        """
## Challenges
1. **Challenge:** Slow reports

   **Solution:** An index

2. **Challenge:** Lost sessions

   **Solution:** Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "nested bullets",
        """
## Challenges
- **Challenge:** Slow reports
    - **Solution:** An index
- **Challenge:** Lost sessions
    - **Solution:** Redis
- **Challenge:** Still open
""",
        3,
        2,
        (("sessions", "redis"),),
    ),
    (
        "nested with tabs",
        """
## Challenges
- Problem: Slow reports
\t- Solution: An index
- Problem: Lost sessions
\t- Solution: Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "siblings",
        """
## Challenges
- **Challenge:** Slow reports
- **Solution:** An index
- **Challenge:** Lost sessions
- **Solution:** Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "paragraph labels between rules",
        """
## Challenges

**Challenge 1:** Slow reports

**Solution:** An index

---

**Challenge 2:** Lost sessions

**Solution:** Redis

---
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "label alone on its line",
        """
## Challenges

**Challenge:**
Reports took a minute.

**Solution:**
An index on the date.

**Challenge:**
Sessions vanished.

**Solution:**
Moved to Redis.
""",
        2,
        2,
        (("sessions", "redis"), ("reports", "index")),
    ),
    (
        "bold challenge titles as lines",
        """
## Challenges

**Challenge 1: Slow reports**
Reports took a minute.
**Solution:** An index.

**Challenge 2: Lost sessions**
Sessions vanished.
**Solution:** Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "bold titles with labelled bullets",
        """
## Challenges

**Slow reports**
- Problem: Reports took a minute.
- Solution: An index.

**Lost sessions**
- Problem: Sessions vanished.
- Solution: Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "numbered bold titles with labels",
        """
### Challenges Faced & Solutions
1. **Slow reports**
   - **Issue:** A minute each.
   - **Resolution:** An index.
2. **Lost sessions**
   - **Issue:** Vanished on deploy.
   - **Resolution:** Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "title bullets with what I did",
        """
## Difficulties
- **Slow reports**
  - *What happened:* A minute each.
  - *What I did:* Added an index.
- **Lost sessions**
  - *What happened:* Vanished on deploy.
  - *What I did:* Moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "two columns",
        """
## Challenges & Solutions
| Challenge | Solution |
|---|---|
| Slow reports | An index |
| Lost sessions | Redis |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "four columns with a number",
        """
## Challenges
| # | Problem | How I solved it | Lesson |
|:-:|:--|:--|:--|
| 1 | Slow reports | An index | Measure |
| 2 | Lost sessions | Redis | Share state |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table with an area column",
        """
## Challenges
| Area | Challenge Faced | Solution Implemented |
|---|---|---|
| Data | Slow reports | An index |
| Web | Lost sessions | Redis |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table with no word of its own in the header",
        """
## Challenges and Solutions
| What | Done |
|---|---|
| Slow reports | An index |
| Lost sessions | Redis |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table whose ruler does not fit",
        """
## Challenges
| Challenge | Solution |
|---|
| Slow reports | An index |
| Lost sessions | Redis |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table without outer pipes",
        """
## Challenges

Challenge | Solution
--- | ---
Slow reports | An index
Lost sessions | Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table under learnings",
        """
## Major learnings
Here is what I met.

| Challenge | Solution |
|---|---|
| Slow reports | An index |
| Lost sessions | Redis |
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "table pasted with tabs",
        """
⚠️ Challenges & Solutions

Challenge\tSolution
Slow reports\tAn index
Lost sessions\tRedis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "HTML table",
        """
## Challenges
<table>
<tr><th>Challenge</th><th>Solution</th></tr>
<tr><td>Slow reports</td><td>An index</td></tr>
<tr><td>Lost sessions</td><td>Redis</td></tr>
</table>
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "title, colon, what was done",
        """
## Challenges & Solutions
- **Slow reports:** Solved with an index.
- **Lost sessions:** Moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "plain title, colon",
        """
## Challenges & Solutions
- Slow reports: Solved with an index.
- Lost sessions: Moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "arrows",
        """
## Challenges & Solutions
- Slow reports → an index
- Lost sessions → Redis
- Flaky tests -> a frozen clock
""",
        3,
        3,
        (("sessions", "redis"),),
    ),
    (
        "dashes",
        """
## Challenges & how I solved them
* **Slow reports** – solved with an index
* **Lost sessions** — moved to Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "numbered headings and prose under them",
        """
## Challenges and how I overcame them
### 1. Slow reports
Reports took a minute. I added an index and they take two seconds.
### 2. Lost sessions
Sessions vanished. I moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "headings with only a solution",
        """
## Challenges & Solutions
### Slow reports
**Solution:** An index.
### Lost sessions
**Solution:** Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "headings and bulleted steps",
        """
## Challenges & Solutions
### Slow reports
- Added an index
- Cached the totals
### Lost sessions
- Moved them to Redis
""",
        2,
        2,
        (("sessions", "redis"), ("reports", "cached")),
    ),
    (
        "title bullets and nested steps",
        """
## Challenges & Solutions
- Slow reports
  - Added an index
- Lost sessions
  - Moved them to Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "groups of titled bullets",
        """
## Challenges & Solutions
### Data
- **Slow reports:** Added an index.
- **Big exports:** Streamed them.
### Web
- **Lost sessions:** Moved them to Redis.
- **Slow pages:** Cached them.
""",
        4,
        4,
        (("sessions", "redis"),),
    ),
    (
        "groups of labelled bullets",
        """
## Challenges & Solutions
### Data
- **Challenge:** Slow reports
  - **Solution:** An index.
- **Challenge:** Big exports
  - **Solution:** Streaming.
### Web
- **Challenge:** Lost sessions
  - **Solution:** Redis.
""",
        3,
        3,
        (("sessions", "redis"),),
    ),
    (
        "only challenges",
        """
## Challenges Faced
- Slow reports
- Lost sessions
- A steep start
""",
        3,
        0,
        (),
    ),
    (
        "two sections side by side",
        """
## Challenges
- Slow reports
- Lost sessions
## Solutions
- An index
- Redis
""",
        2,
        2,
        (("sessions", "redis"), ("reports", "index")),
    ),
    (
        "two headings in a section",
        """
## Challenges and Solutions
### Challenges Faced
1. Slow reports
2. Lost sessions
### Solutions Implemented
1. An index
2. Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "two bold lines in a section",
        """
## Challenges and Solutions
**Challenges:**
- Slow reports
- Lost sessions

**Solutions:**
- An index
- Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "plain text, labels",
        """
Challenges & Solutions

Challenge: Slow reports
Solution: An index

Challenge: Lost sessions
Solution: Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "plain text, numbered titles",
        """
Challenges Faced

1. Slow reports

Problem: A minute each.

Solution: An index.

2. Lost sessions

Problem: Gone on deploy.

Solution: Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "plain text, titles as lines",
        """
Challenges and Solutions

Slow reports
Challenge: A minute each.
Solution: An index.

Lost sessions
Challenge: Gone on deploy.
Solution: Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "plain outline by indentation",
        """
Challenges and Solutions

    Slow reports
        Challenge: A minute each.
        Solution: An index.
    Lost sessions
        Challenge: Gone on deploy.
        Solution: Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "one paragraph of prose",
        """
## Challenges
The hardest part was the slow reports. I solved it by adding an index on the date.
""",
        1,
        1,
        (("reports", "index"),),
    ),
    (
        "several paragraphs of prose",
        """
## Challenges Faced

One challenge was that reports were slow. I solved this by adding an index.

Another difficulty was losing sessions on deploy. I moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "bold announcement instead of a heading",
        """
**Challenges & Solutions**

- **Challenge:** Slow reports
  - **Solution:** An index
- **Challenge:** Lost sessions
  - **Solution:** Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "announcement as an item",
        """
## Major learnings
1. **Key technologies covered:**
   - Python
   - Django
2. **Challenges faced and solutions implemented:**
   - **Slow reports:** Added an index.
   - **Lost sessions:** Moved to Redis.
3. **Best practices and takeaways:**
   - Measure first.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "quoted",
        """
## Challenges
> **Challenge:** Slow reports
> **Solution:** An index

> **Challenge:** Lost sessions
> **Solution:** Redis
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "details and summary",
        """
## Challenges
<details>
<summary>Slow reports</summary>

**Problem:** A minute each.

**Solution:** An index.

</details>

<details>
<summary>Lost sessions</summary>

**Problem:** Gone on deploy.

**Solution:** Redis.

</details>
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "lessons after each",
        """
## Challenges
- **Problem:** Slow reports
  **Approach:** An index
  **Lesson:** Measure first
- **Problem:** Lost sessions
  **Approach:** Redis
  **Lesson:** Share state
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "issue, cause and fix",
        """
## Challenges
### Slow reports
- Issue: A minute each
- Cause: No index
- Fix: Added one
- Result: Two seconds
### Lost sessions
- Issue: Gone on deploy
- Cause: Local memory
- Fix: Redis
- Result: None lost
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "French",
        """
## Défis et solutions
- **Défi :** Rapports lents
  - **Solution :** Un index
- **Problème :** Sessions perdues
  - **Solution :** Redis
""",
        2,
        2,
        (("rapports", "index"),),
    ),
    (
        "Spanish",
        """
## Desafíos y soluciones
- **Desafío:** Informes lentos
  - **Solución:** Un índice
- **Desafío:** Sesiones perdidas
  - **Solución:** Redis
""",
        2,
        2,
        (("informes", "índice"),),
    ),
    (
        "Portuguese",
        """
## Desafios e soluções
| Desafio | Solução |
|---|---|
| Relatórios lentos | Um índice |
| Sessões perdidas | Redis |
""",
        2,
        2,
        (("relatórios", "índice"),),
    ),
    (
        "Arabic",
        """
## التحديات والحلول
- **التحدي:** تقارير بطيئة
  - **الحل:** فهرس
- **التحدي:** جلسات ضائعة
  - **الحل:** ريديس
""",
        2,
        2,
        (),
    ),
    (
        "placeholders",
        """
## Challenges and Solutions
- **Challenge:** [Describe the challenge]
  - **Solution:** [Describe the solution]
- **Challenge:** Slow reports
  - **Solution:** An index
""",
        1,
        1,
        (("reports", "index"),),
    ),
    (
        "comment lines in a fence",
        """
## Setup
```sh
# Challenges
# Challenge: nothing
make run
```
## Challenges
- **Challenge:** Slow reports
  **Solution:** An index
""",
        1,
        1,
        (("reports", "index"),),
    ),
    (
        "paragraph above a rule",
        """
## Challenges
**Challenge:** Slow reports
**Solution:** An index
---
**Challenge:** Lost sessions
**Solution:** Redis
---
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "question headings",
        """
## What challenges did I face and how did I overcome them?
- **Slow reports:** I added an index.
- **Lost sessions:** I moved them to Redis.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "challenge in the bold lead",
        """
## Challenges & Solutions
- **Challenge 1: Slow reports**
  An index on the date column solved it.
- **Challenge 2: Lost sessions**
  Moving them to Redis solved it.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
    (
        "intro and closing around items",
        """
## Challenges & Solutions
I met a number of difficulties on the way, and each taught me something:

- **Slow reports**: fixed with an index
- **Lost sessions**: fixed with Redis

Each of them made me a better engineer.
""",
        2,
        2,
        (("sessions", "redis"),),
    ),
]

TITLE = "# A backend program\n\nWhat I took from twelve weeks.\n"

SHAPES = [
    Shape(name, TITLE + text + TAIL, challenges, solved, pairs) for name, text, challenges, solved, pairs in _BODIES
]
