"""Pages of large lists: the data, and how long the first page and one far down take."""
