"""Plain text as it was copied from a page, without what is not the article's.

:func:`clean_text` is the function, :class:`Clean` the stage. What is removed and why stands as data in
``schema/cleaning/``; every removal is an edit that anyone holding the original can replay. Words are never changed.
"""

from dataset_builder.stages.clean.cleaning import Cleaned, clean_text
from dataset_builder.stages.clean.stage import Clean

__all__ = ["Clean", "Cleaned", "clean_text"]
