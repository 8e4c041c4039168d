"""Jekyll's rules, each where the dialect can ask for it: configuration, defaults, which files, dates, permalinks, excerpts."""
