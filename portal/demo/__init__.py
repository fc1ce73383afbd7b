"""A lively portal of invented companies, made through the same operations people use."""
