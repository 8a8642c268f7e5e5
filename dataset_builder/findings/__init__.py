"""How findings leave the program: for people, and in the formats that forges and editors read. All of it pure.

A new format is one file beside this one and one line in :mod:`dataset_builder.findings.formats`.
"""
