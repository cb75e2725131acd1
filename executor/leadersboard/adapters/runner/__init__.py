"""Runs notebooks through papermill and scripts through Python, each in processes of its own.

The runner itself is in `forkserver`; it takes seconds to import, which those who only want to know of walls need not.
"""
