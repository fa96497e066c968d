"""Changes that customers ask for. In: what they wish, and answers to it. Out: requests moved by
verbs, each with its command to the ERP in the same transaction. The ERP's values stay the truth."""
