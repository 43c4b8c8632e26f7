"""How the command ends, beside 0."""

WRONG = 2
"""What was asked for, or where it should go, cannot be used."""
UNTRUSTED = 1
"""The results are there, but a part of them must not be trusted."""
INTERRUPTED = 130
"""By Ctrl-C; what was finished is kept."""
TERMINATED = 143
"""By SIGTERM; as after Ctrl-C."""
