"""Template tags and filters. Reads and rules come from lower rooms; nothing here queries."""
