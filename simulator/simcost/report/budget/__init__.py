"""What ``simcost budget`` answers: the answer, the page that people read, the document that programs read."""
