"""Several processes that answer together on one port: `npq run --workers N`."""
