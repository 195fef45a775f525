"""How answers look: a folder for each, with what it says (`answer`), what people read (`text`) and programs do (`document`)."""
