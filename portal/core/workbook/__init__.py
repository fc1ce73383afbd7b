"""The answers of an assessment as rows of a workbook: which cells an answer takes, and what cells say."""
