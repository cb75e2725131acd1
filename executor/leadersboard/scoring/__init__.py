"""Checks what a submission predicted and grades it against hidden labels."""
