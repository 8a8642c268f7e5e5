"""What a snapshot says of itself: data card, descriptors, citation."""
