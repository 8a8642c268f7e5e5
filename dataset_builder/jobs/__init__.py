"""What a worker does with its share of a build: frozen callables, each of a small task."""
