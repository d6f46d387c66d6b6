"""Readers and writers in processes of their own, and a cache that must never serve what a finished write made stale."""
