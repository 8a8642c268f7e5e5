"""Withdrawn articles taken out of what is published already, where the place can."""
