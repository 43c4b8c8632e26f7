"""The command `dineutrino`: reads what the user asks, calls the floors below, prints."""

from dineutrino.cli.app import app, main

__all__ = ["app", "main"]
