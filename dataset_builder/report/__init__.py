"""The report: one self-contained HTML page about a snapshot, for editors, reviewers and funders.

``tables`` reads the snapshot batch by batch, ``measure`` counts in one pass over each table, ``listing`` packs the rows
that the page's table shows, ``charts`` draws, ``page`` fills the templates of ``schema/report/``, ``write`` does all of
it and writes the file. Nothing but the snapshot is read, so nothing that the snapshot withholds can be in the page.
"""
