"""Forms of the browser door. Reading and judging values is the core's work; a form only carries them."""
