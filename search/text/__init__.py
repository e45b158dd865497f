"""Reading Chinese: normalise, segment, keywords, match, highlight. Works without Django."""
