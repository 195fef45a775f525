"""A report for people without a terminal: one result as a page of HTML with charts, or as Markdown."""
