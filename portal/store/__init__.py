"""Rows: one file per noun, its tables and its reads. Nothing here commits."""
