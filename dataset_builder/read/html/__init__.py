"""HTML pages: the article's body, its facts and its rights from one page's bytes."""

from dataset_builder.read.html.page import HtmlPage, extract_html

__all__ = ["HtmlPage", "extract_html"]
