"""Files for people to take away: tables, the weekly brief, the board pack."""
