"""One article's way from raw to released: found by a reference, put through the stages, and told.

What is shown may be text that is withheld from a release: it is the user's own corpus, on the user's own terminal.
Nothing of it may go into anything that is published.
"""
