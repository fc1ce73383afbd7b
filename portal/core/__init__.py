"""Meaning: values and pure functions. No Flask, no database, no clock, no reading or writing of files."""
