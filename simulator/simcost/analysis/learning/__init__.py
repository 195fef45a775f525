"""What bills tell about the months to come."""
