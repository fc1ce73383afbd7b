"""Upstream: the portal where suppliers answer once and buyers can show where every number comes from."""
