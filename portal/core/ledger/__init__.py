"""Purchase ledgers as companies keep them: which column is which, how dates and numbers are written, what words mean."""
