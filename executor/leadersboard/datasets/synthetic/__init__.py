"""Surfaces as an inspection camera in a semiconductor line might see them, and their defects."""
