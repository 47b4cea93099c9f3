"""Calendars: working hours, services, free times and appointments."""
