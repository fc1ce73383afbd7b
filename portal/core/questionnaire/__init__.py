"""The questionnaire: its definition as data, kinds of answer, which indicators are in play, what is wrong."""
