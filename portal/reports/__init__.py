"""Bytes out: CSV, XLSX, charts and PDF, made from plain values."""
