"""Models of a pool of devices sized for its peak: what the tests of sizing, of pools by the hour and of bills begin with."""

import numpy as np

HEAD = """schema = 1
[scenario]
name = "Pool"
currency = "CNY"
start = "2027-01"
months = {months}
"""

POOL = """[[compute]]
name = "Pool"
throughput = "100 request/s/GPU"
utilization = "50 %"
price = "10 CNY/GPU/hour"
"""

FESTIVAL = '[[festivals]]\nname = "618"\nmonth = 6\ndays = "18 day"\nuplift = 2\n'

HOURS = 24 * np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Of each month of a year of 365 days."""

PEAKED = """[series.searches]
start = "100 request/s"
festivals = [{names}]
[[compute]]
name = "Pool"
festivals = [{names}]
demand = "searches_ordinary"
throughput = "2 request/s/GPU"
utilization = 1
[[cost]]
name = "Devices and answers"
category = "x"
amount = "pool_devices * rent + searches * price"
[inputs]
rent = "1 CNY/GPU/month"
price = "1 CNY*s/request/month"
"""
"""A pool that costs 1 for each device and month, and a series that costs 1 for each request a second and month."""

DAY = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 7, 7, 7, 8, 9, 10, 12, 13, 11, 7, 4]
"""How searches spread over the hours of a day, for a pool by the hour; its price, and what is reserved of it."""

PRICE = 'price = "10 CNY/GPU/hour"\n'

RESERVED = """[[commitments]]
name = "Reserved"
pool = "Ranker"
quantity = "24 GPU"
price = "4 CNY/GPU/hour"
list_price = "10 CNY/GPU/hour"
term = 12
"""
