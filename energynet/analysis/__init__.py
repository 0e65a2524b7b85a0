"""Each file one question that an analyst asks."""
