"""The words for status codes, as staff edit them. In come codes nobody knows yet; out go words by
code, audience, brand and language."""
