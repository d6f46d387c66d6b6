"""Commands for the terminal. They reach services and documents through ``django_prodev.api``."""
