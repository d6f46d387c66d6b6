"""A site as a user of django-prodev would have one."""
