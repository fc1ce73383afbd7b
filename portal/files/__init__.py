"""Bytes in: questionnaire folders, spreadsheets, tables, uploads and the vault."""
