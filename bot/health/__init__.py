"""How the service is: for whoever restarts it, for whoever sends it visitors, and for whoever watches it."""
