"""Windows of days: festivals that coincide, and the days of a month that they make."""
