"""Amounts of bytes, for people."""

from __future__ import annotations


def byte_size(count: float) -> str:
    """``812 bytes``, ``3.4 MB``: in decimal units, as disks and the Hub count."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
