"""Servers that are paid for longer than the run, for a scenario to be added to; an option has more of them."""

SERVERS = """
[[hardware]]
name = "Servers"
quantity = "{quantity}"
price = "40_000 CNY/server"
life = {life}

[options.more.set]
hardware.Servers.quantity = "3 server"
"""
