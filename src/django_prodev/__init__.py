"""Program-learning data for Django: what a learning program teaches, who learns it, what they made of it."""

__version__ = "0.1.0"
