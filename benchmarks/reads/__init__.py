"""What a read costs here, in others, and at the least: ``make bench``."""
