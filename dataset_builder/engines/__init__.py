"""The only files that know about workers."""
