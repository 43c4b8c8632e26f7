"""Exit codes of the command besides 0, which says that all went well."""

WRONG = 2
"""What was asked for, or where it should go, cannot be used."""
UNTRUSTED = 1
"""The results are there, but a part of them must not be trusted."""
INTERRUPTED = 130
"""Ended by Ctrl-C; what was finished is kept."""
TERMINATED = 143
"""Ended by SIGTERM; what was finished is kept, as after Ctrl-C."""
