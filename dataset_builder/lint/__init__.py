"""Other people's datasets: what cards, descriptors and rows say about rights and origin, held against each other."""
