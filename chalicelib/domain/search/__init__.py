"""Search: how texts are found by words, in what order."""
