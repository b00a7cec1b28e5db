"""The chat platforms as the product meets them: strict fakes, and what is tried against them."""
