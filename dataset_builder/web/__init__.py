"""Asking the web, politely and within bounds: with ``publish/`` the only code that opens a connection."""
