"""The one door to the ERP. In: signed events, kept as they came. Out: messages to the features'
handlers, and answers that say what became of each event. Knows no page and no socket."""
