"""The running service: Rasa agent, channels, widget and the `npq` command."""

import os

# SQLAlchemy reads it when it is imported: Rasa's use of version 1.4 is not news to whoever runs this.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
