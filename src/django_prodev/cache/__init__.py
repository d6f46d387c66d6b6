"""Stamps, keys, cached values and HTTP validators: what is cached is never served once a finished write changed it.

This room knows no model: tables are declared to it (``tables``), and what to keep is passed as functions.
"""
