"""The supplier's side of the browser door. Its page objects hold nothing that is the buyer's own."""
