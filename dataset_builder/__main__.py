"""``python -m dataset_builder`` is ``build-dataset``."""

from dataset_builder.cli import main

if __name__ == "__main__":
    main()
