"""Sentences for problem codes, one file per room."""
