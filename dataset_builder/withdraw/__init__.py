"""Take an article back: find what a request means, and record it in dataset.yaml for the next build."""
