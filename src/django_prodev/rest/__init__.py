"""The REST interface: the only room that knows Django REST framework.

A serializer describes an answer, ``selections`` turns it into what the reading room compiles, and a view set serves
lists and single rows from that. No serializer runs over a row.
"""
