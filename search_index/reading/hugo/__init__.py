"""Hugo's rules for what lies in a site's folder, as of version 0.111: pure functions and data, no rendering."""
