"""The pages of a person about themselves: /my/ and what hangs on it."""
