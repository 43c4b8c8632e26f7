"""Effective theories at the scales where they meet."""
