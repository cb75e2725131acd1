"""Browsers that come in through the hub: login, session, and where the API lies behind it."""
