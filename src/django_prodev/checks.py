"""System checks: a forgotten step of the installation is a message with a hint, never a traceback."""
