"""Results kept from build to build, by what they were made of: rows in immutable packs, addressed by their content."""
