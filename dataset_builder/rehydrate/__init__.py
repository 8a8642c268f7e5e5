"""Give a snapshot its withheld texts back, from the originals that somebody holds: for their own use only."""
