"""What makes the generated parts of the documentation: one file a page."""
