"""A curriculum written in Markdown: headings are modules, rows of tables and items of lists are units."""

from django_prodev.documents.curriculum.adapters.outline.adapter import MarkdownOutline

__all__ = ["MarkdownOutline"]
