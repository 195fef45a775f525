"""A scenario of two fiscal years with what is approved for each; in doubled braces, to be filled in."""

FILE = """schema = 1
[scenario]
name = "Fiscal budget"
currency = "CNY"
start = "2027-04"
months = 24
fiscal_year_start = 4
[inputs]
fee = {{ normal = {{ mean = 1_000, sd = 200 }}, unit = "CNY/month", draw = "month" }}
[[cost]]
name = "Fee"
category = "fees"
amount = "fee"
[budget]
approved = {approved}
confidence = 0.9
"""
