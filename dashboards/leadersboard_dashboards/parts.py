"""Pieces of HTML that several pages are made of."""

import html

from leadersboard_dashboards.words import word


def heading(name: str, language: str) -> str:
    """Return the heading of a section, by its name in `words`."""
    return f"<h2>{html.escape(word(name, language))}</h2>"


def plain(name: str, language: str) -> str:
    """Return a paragraph, by its name in `words`."""
    return f"<p>{html.escape(word(name, language))}</p>"


def warning(text: str) -> str:
    """Return a sentence about what is not as it should be, which screen readers say as well."""
    return f'<p class="lb-note lb-warn" role="status">{html.escape(text)}</p>'
