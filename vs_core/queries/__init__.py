"""All reading of the database: functions that return a Select, one module a subject, named for their rows."""
