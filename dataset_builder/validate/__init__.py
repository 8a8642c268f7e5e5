"""Frictionless's verdicts at Arrow speed."""
