"""What leaves of an article whose whole text does not: its first words, or its words without their order."""
