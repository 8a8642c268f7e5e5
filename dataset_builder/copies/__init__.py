"""Articles that are the same in other bytes: near copies in clusters, and revisions of one page."""

from dataset_builder.copies.near import COPIES_SCHEMA, NearCopies, SignedArticles, sign
from dataset_builder.copies.revisions import REVISIONS_SCHEMA, link_revisions

__all__ = ["COPIES_SCHEMA", "REVISIONS_SCHEMA", "NearCopies", "SignedArticles", "link_revisions", "sign"]
