"""The score: points of one answer, the roll-up to total and grade, the sheet with its reasons."""
