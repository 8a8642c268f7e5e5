"""When an article was published, read from the words that say so.

:func:`read_date` reads one string; :class:`Dates` is the stage that decides between the claims of an article. Neither
asks a clock or a locale: words that mean a date only relative to today ("yesterday") give none.
"""

from dataset_builder.stages.dates.reading import DateReading, read_date
from dataset_builder.stages.dates.stage import Dates, SourcePlace

__all__ = ["DateReading", "Dates", "SourcePlace", "read_date"]
