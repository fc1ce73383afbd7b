"""Verbs: one change, one function. Operations flush; the door that called them commits once."""
