"""Licence identifiers, evidence, the policy table and the decision."""
