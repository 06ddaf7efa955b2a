"""legtwitch: from a history and recordings of a twitching leg to urgency, causes and a report."""
