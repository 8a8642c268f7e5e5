"""Turn a folder of news articles into a dataset snapshot that can be loaded, verified and cited."""

__version__ = "0.1.0"
