"""The questionnaire: its definition as data, the kinds of answer, which indicators are in play, what is wrong."""
