"""Loads the demo union. Every step finds what is already there and changes nothing twice."""
