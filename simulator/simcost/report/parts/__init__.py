"""What every page and document is made of: tables, numbers, money, words."""
