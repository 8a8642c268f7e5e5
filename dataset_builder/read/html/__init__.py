"""HTML pages: the article's body, its facts and its rights from one page's bytes."""
