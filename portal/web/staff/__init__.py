"""The buyer's side of the browser door: rounds, suppliers, review, comparison, people."""
