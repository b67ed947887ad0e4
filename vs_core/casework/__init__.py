"""What people change: one transaction each, each with its record in the trail."""
