"""Meanings and thresholds: pure functions over plain values, without clock, database or screen."""
