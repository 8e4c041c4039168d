"""The comparison of Octavo with the generators themselves."""
