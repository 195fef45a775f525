"""How answers look: tables, sentences, HTML for notebooks, JSON documents."""
