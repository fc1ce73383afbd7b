"""The score: points of one answer, the roll-up to topics and total, and the sheet with one reason per indicator."""
