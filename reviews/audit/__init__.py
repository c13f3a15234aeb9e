"""Who changed what, when, from what to what: one list over the history of every tracked model and all decisions."""
