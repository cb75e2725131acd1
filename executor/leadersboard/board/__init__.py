"""The read side: boards that are kept in memory, brought up to date a little at a time, and shared by all who look."""
