"""Overviews of which a part is read no better than by a guess, so that it is proposed."""

PROPOSED = """\
# Harbour

Boats and their berths.

## Technologies

- Django

## Challenges

| Slow pages | We added an index |
| Lost messages | Late acknowledgement |

- **Orders twice**: solved with a unique key
- **Clocks**: fixed by using UTC
- **Queues**: fixed by a limit

## Best practices

- Write the test first
"""
"""Two challenges in a table without a header, and three items beside it: two readers are as sure as each other."""

SURE = """\
# Harbour

## Challenges

- **Problem:** Slow pages
  - **Solution:** We added an index
- **Problem:** Lost messages
  - **Solution:** Late acknowledgement

## Best practices

- Write the test first
"""
"""The same with labels: every reading is sure."""
