"""One kernel for all plans: a plan and its variants as programs, and the text of what runs them."""
